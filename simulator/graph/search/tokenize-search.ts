import { badRequest } from '../graph-error.ts';

/** A part of a search, in the order in which it was written. */
export type SearchToken = { readonly kind: 'AND' | 'OR' | 'NOT' | '(' | ')' } | SearchTerm;

export interface SearchTerm {
  readonly kind: 'term';
  /** In lower case; null for a term that searches several properties. */
  readonly property: string | null;
  readonly operator: ':' | '=' | '<' | '<=' | '>' | '>=';
  readonly text: string;
  /** `word*`: the beginning of a word. */
  readonly isPrefix: boolean;
}

const TOKEN = /\s*(?:([()])|(?:([A-Za-z]+)\s*(<=|>=|[:=<>])\s*)?(?:"([^"]*)"|([^\s()"]+)))/y;

/**
 * Splits the value of `$search`, which is in quotes unless it is a single word; quotes inside have a backslash
 * (learn.microsoft.com/graph/search-query-parameter).
 */
export function tokenizeSearch(search: string): SearchToken[] {
  const text = unquote(search.trim());
  const tokens: SearchToken[] = [];
  TOKEN.lastIndex = 0;
  while (text.slice(TOKEN.lastIndex).trim() !== '') {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw syntaxError(text, at);
    const [, bracket, property, operator, phrase, word = ''] = match;
    if (bracket) tokens.push({ kind: bracket as '(' });
    else if (property === undefined && /^(?:AND|OR|NOT)$/.test(word)) tokens.push({ kind: word as 'AND' });
    else {
      tokens.push({
        kind: 'term',
        property: property?.toLowerCase() ?? null,
        operator: (operator ?? ':') as ':',
        text: phrase ?? word.replace(/\*$/, ''),
        isPrefix: phrase === undefined && word.endsWith('*'),
      });
    }
  }
  if (tokens.length === 0) throw syntaxError(text, 0);
  return tokens;
}

function unquote(search: string): string {
  const quoted = /^"(.*)"$/s.exec(search)?.[1];
  if (quoted !== undefined) return quoted.replaceAll('\\"', '"');
  const at = search.search(/[^\p{L}\p{N}]/u);
  if (at >= 0) throw syntaxError(search, at);
  return search;
}

function syntaxError(text: string, at: number): Error {
  return badRequest(`Syntax error: character '${text[at] ?? ''}' is not valid at position ${at} in '${text}'.`);
}
