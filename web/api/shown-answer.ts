import { shownFileName, shownText } from '../../domain/words/shown-text.ts';

/** Whole mails, which may have any direction, and are shown in a frame or a block of their own. */
const bodies: ReadonlySet<string> = new Set(['text', 'html', 'body']);

/**
 * An answer of the API, safe to show: names, senders and subjects cannot change the direction of the text around them.
 */
export function shownAnswer<Data>(data: Data): Data {
  return shown(data, '') as Data;
}

function shown(value: unknown, key: string): unknown {
  if (typeof value === 'string') return bodies.has(key) ? value : shownText(value);
  if (Array.isArray(value))
    return value.map((each) => (key === 'attachments' ? shownAttachment(each) : shown(each, key)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shown(inner, name)]));
}

function shownAttachment(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('name' in value)) return shown(value, '');
  const { name } = value;
  return { ...(shown(value, '') as object), ...(typeof name === 'string' ? { name: shownFileName(name) } : {}) };
}
