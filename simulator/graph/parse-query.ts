import { badRequest } from './graph-error.ts';

/** The query options of a request. Names are case-insensitive, with or without `$`, as in Graph. */
export interface GraphQuery {
  readonly select: readonly string[] | null;
  readonly expand: readonly string[];
  readonly filter: string | null;
  readonly orderBy: string | null;
  readonly top: number | null;
  readonly skip: number;
  readonly count: boolean;
  readonly search: string | null;
  readonly skipToken: string | null;
  readonly deltaToken: string | null;
  readonly changeType: string | null;
  readonly includeHidden: boolean;
  /** All options as received, for links to the next page. */
  readonly all: URLSearchParams;
}

const LARGEST_PAGE = 1_000;

export function parseQuery(text: string): GraphQuery {
  const all = new URLSearchParams(text);
  const options = new Map<string, string>();
  for (const [name, value] of all) options.set(name.replace(/^\$/, '').toLowerCase(), value);
  const option = (name: string): string | null => options.get(name) ?? null;
  const top = wholeNumber('top', option('top'));
  if (top !== null && (top < 1 || top > LARGEST_PAGE)) {
    throw badRequest(
      `The query specified in the URI is not valid. Invalid value '${top}' for $top query option found.`,
    );
  }
  return {
    select: list(option('select')),
    expand: splitOutside(option('expand') ?? '', ','),
    filter: option('filter') || null,
    orderBy: option('orderby') || null,
    top,
    skip: wholeNumber('skip', option('skip')) ?? 0,
    count: option('count')?.toLowerCase() === 'true',
    search: option('search'),
    skipToken: option('skiptoken') || null,
    deltaToken: option('deltatoken') || null,
    changeType: option('changetype'),
    includeHidden: /^true$/i.test(option('includehiddenfolders') ?? option('includehiddenmessages') ?? ''),
    all,
  };
}

function list(text: string | null): string[] | null {
  const names = (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length > 0 ? names : null;
}

function wholeNumber(name: string, text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text.trim())) {
    throw badRequest(
      `The query specified in the URI is not valid. Invalid value '${text}' for $${name} query option found.`,
    );
  }
  return Number(text);
}

/** Splits at separators outside of parentheses and quotes. */
export function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let isQuoted = false;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === "'") isQuoted = !isQuoted;
    else if (!isQuoted && character === '(') depth += 1;
    else if (!isQuoted && character === ')') depth -= 1;
    else if (!isQuoted && depth === 0 && text.slice(at, at + separator.length).toLowerCase() === separator) {
      parts.push(text.slice(from, at));
      from = at + separator.length;
      at = from - 1;
    }
  }
  return [...parts, text.slice(from)].map((part) => part.trim()).filter((part) => part !== '');
}
