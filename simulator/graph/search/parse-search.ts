import { badRequest } from '../graph-error.ts';
import type { Restriction } from '../parse-filter.ts';
import { SEARCH_PROPERTIES, UNNAMED } from './search-properties.ts';
import { type SearchTerm, type SearchToken, tokenizeSearch } from './tokenize-search.ts';

/**
 * A search in the subset of KQL that Outlook takes: words, phrases, `property:word`, AND, OR, NOT and parentheses.
 * Words side by side are all wanted, and OR binds less than AND.
 */
export function parseSearch(search: string): Restriction {
  const tokens = tokenizeSearch(search);
  let at = 0;
  const peek = (): SearchToken['kind'] | undefined => tokens[at]?.kind;

  const either = (): Restriction => {
    let left = all();
    while (peek() === 'OR') {
      at += 1;
      left = join(left, 'OR', all());
    }
    return left;
  };

  const all = (): Restriction => {
    let left = one();
    for (let next = peek(); next !== undefined && next !== 'OR' && next !== ')'; next = peek()) {
      if (next === 'AND') at += 1;
      left = join(left, 'AND', one());
    }
    return left;
  };

  const one = (): Restriction => {
    const token = tokens[at];
    at += 1;
    if (token?.kind === 'NOT') {
      const { sql, parameters } = one();
      return { sql: `NOT (${sql})`, parameters, properties: [] };
    }
    if (token?.kind === '(') {
      const inner = either();
      if (peek() !== ')') throw badRequest('Syntax error: a parenthesis is not closed.');
      at += 1;
      return inner;
    }
    if (token?.kind === 'term') return restrict(token);
    throw badRequest('Syntax error: a word is missing.');
  };

  const found = either();
  if (at < tokens.length) throw badRequest('Syntax error: a parenthesis is not opened.');
  return found;
}

function join(left: Restriction, by: 'AND' | 'OR', right: Restriction): Restriction {
  const parameters = [...left.parameters, ...right.parameters];
  return { sql: `(${left.sql}) ${by} (${right.sql})`, parameters, properties: [] };
}

function restrict(term: SearchTerm): Restriction {
  const property = term.property === null ? UNNAMED : SEARCH_PROPERTIES.get(term.property);
  if (property) return { ...property(term), properties: [] };
  // Outlook takes a name that it does not know for a word.
  return { ...UNNAMED({ ...term, text: `${term.property}:${term.text}` }), properties: [] };
}
