import ICAL from 'ical.js';

/** More lines than real invitations have, all their attendees and the rules of their zones included. */
const MOST_LINES = 20_000;

/**
 * The lines of an iCalendar file that can be read, with the ends that are missing: one broken rule or time must not keep
 * people from the rest.
 */
export function soundCalendar(text: string): string {
  const open: string[] = [];
  const kept: string[] = [];
  for (const line of unfolded(text)) {
    const [, edge, name = ''] = /^(begin|end):\s*([\w-]+)\s*$/i.exec(line) ?? [];
    const component = name.toUpperCase();
    if (edge?.toUpperCase() === 'BEGIN') {
      open.push(component);
      kept.push(`BEGIN:${component}`);
    } else if (edge) {
      if (!open.includes(component)) continue;
      while (open.at(-1) !== component) kept.push(`END:${open.pop()}`);
      kept.push(`END:${open.pop()}`);
      // What follows the first calendar is another one.
      if (open.length === 0) break;
    } else if (open.length > 0 && isReadable(line)) kept.push(line);
  }
  return [...kept, ...open.toReversed().map((name) => `END:${name}`)].join('\r\n');
}

function unfolded(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, '')
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r\n|\r|\n/, MOST_LINES)
    .filter((line) => line.trim() !== '');
}

/** Values are decoded when they are asked for, and may only then turn out to be none. */
function isReadable(line: string): boolean {
  try {
    ICAL.Property.fromString(line).getValues();
    return true;
  } catch {
    return false;
  }
}
