import type { MailboxCall } from '../graph-context.ts';
import { accessDenied, GraphError } from '../graph-error.ts';
import type { Restriction } from '../parse-filter.ts';
import { parseSearch } from './parse-search.ts';

/** A search finds no more (learn.microsoft.com/graph/search-query-parameter). */
export const MOST_FOUND = 1_000;

/** The restriction of `$search`; null without one. Throws 400 beside options that a search does not take. */
export function searchOf({ query, isBasic }: Pick<MailboxCall, 'query' | 'isBasic'>): Restriction | null {
  if (query.search === null) return null;
  if (isBasic) throw accessDenied();
  if (query.filter !== null) throw notWithSearch('SearchWithFilter', '$filter');
  if (query.orderBy !== null) throw notWithSearch('SearchWithOrderBy', '$orderBy');
  if (query.count) throw notWithSearch('SearchWithCount', '$count');
  if (query.skip > 0) throw notWithSearch('SearchWithSkip', '$skip');
  return parseSearch(query.search);
}

function notWithSearch(code: string, option: string): GraphError {
  return new GraphError(400, code, `The query parameter '${option}' is not supported with '$search'.`);
}
