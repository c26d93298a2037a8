import { sql } from 'kysely';
import { readsDocuments, type SearchQuery, tsquerySource } from '../../domain/search/search-query.ts';
import type { Database, Queryable } from '../database.ts';
import { type ItemSummary, selectItemSummaries } from '../queues/messages.ts';
import { findPlaces, type Moment, type Place, type SearchFilters, type WalkLimits } from './find-places.ts';

export interface Search extends SearchFilters {
  readonly query: SearchQuery;
  readonly order: SearchOrder;
  readonly limit: number;
  readonly after: SearchPosition | undefined;
}

export const searchOrders = ['relevance', 'newest'] as const;
export type SearchOrder = (typeof searchOrders)[number];

/** Where a page ended. */
export interface SearchPosition {
  /** By relevance: of the first page, so that ages and ranks stay the same on the following ones. */
  readonly asOf: Date;
  readonly score: number;
  readonly receivedAt: Date;
  readonly messageId: string;
  /** By relevance, once a search went on in older mail: only older messages than this one are ranked. */
  readonly start: Moment | undefined;
}

export interface SearchHit {
  readonly item: ItemSummary;
  readonly position: SearchPosition;
  /** The beginning of the message's text. */
  readonly text: string;
  readonly fileNames: readonly string[];
}

export interface SearchHits {
  readonly hits: readonly SearchHit[];
  /** Lexemes that the query asks for, for marking them. */
  readonly lexemes: readonly string[];
  /** Where another search goes on, because this one did not read all messages. Undefined: it did. */
  readonly goesOnAt: SearchPosition | undefined;
}

/** Ranks before every match. */
const BEST_SCORE = Number.MAX_VALUE;
/** Enough for an excerpt around the first match. */
const EXCERPT_FROM_CHARACTERS = 20_000;

/**
 * Items whose messages match. `order: 'relevance'`: the newest 300 of them, by where the words stand, and by age;
 * `newest`: all. A phrase of common words is looked for in one part of the messages after another. Throws PostgreSQL's
 * `query_canceled` when the search takes too long.
 */
export async function searchMessages(db: Database, search: Search, limits?: WalkLimits): Promise<SearchHits> {
  const query = await compileQuery(db, search.query);
  if (query === undefined) return { hits: [], lexemes: [], goesOnAt: undefined };
  const { text, lexemes } = query;
  const asOf = search.after?.asOf ?? new Date();
  const placed = { ...search, text, asOf, readsDocuments: readsDocuments(search.query) };
  const { places, searchedTo } = await findPlaces(db, placed, limits);
  return {
    hits: await describe(db, places, { asOf, start: search.after?.start }),
    lexemes,
    goesOnAt: searchedTo && { asOf, score: BEST_SCORE, ...searchedTo, start: searchedTo },
  };
}

/** PostgreSQL's `query_canceled`. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '57014';
}

interface CompiledQuery {
  /** Null: any message. */
  readonly text: string | null;
  readonly lexemes: readonly string[];
}

/** The query in the languages that the documents have. Undefined: nothing can match. */
async function compileQuery(db: Queryable, { wanted, excluded }: SearchQuery): Promise<CompiledQuery | undefined> {
  if (wanted.length + excluded.length === 0) return { text: null, lexemes: [] };
  const { rows } = await sql<{ wanted: string; excluded: string }>`
    select distinct
      to_tsquery(oid::regconfig, ${tsquerySource(wanted, '&')})::text as wanted,
      to_tsquery(oid::regconfig, ${tsquerySource(excluded, '|')})::text as excluded
    from pg_ts_config
    where pg_ts_config_is_visible(oid) and (cfgname = 'simple' or cfgname in (select language from search_languages))
  `.execute(db);
  const anyOf = (queries: readonly string[]) => [...new Set(queries)].filter((query) => query !== '');
  const all = anyOf(rows.map((row) => row.wanted));
  const none = anyOf(rows.map((row) => row.excluded));
  if (wanted.length > 0 && all.length === 0) return undefined;
  const parts = [
    ...(all.length > 0 ? [`(${all.map((query) => `(${query})`).join(' | ')})`] : []),
    ...none.map((query) => `!(${query})`),
  ];
  if (parts.length === 0) return { text: null, lexemes: [] };
  const lexemes = new Set(
    all.flatMap((query) => Array.from(query.matchAll(/'((?:[^']|'')+)'/g), ([, word]) => word ?? '')),
  );
  return { text: parts.join(' & '), lexemes: [...lexemes] };
}

async function describe(
  db: Queryable,
  places: readonly Place[],
  page: Pick<SearchPosition, 'asOf' | 'start'>,
): Promise<readonly SearchHit[]> {
  if (places.length === 0) return [];
  const items = await selectItemSummaries(db)
    .select([
      sql<string>`left(messages.body_text, ${EXCERPT_FROM_CHARACTERS})`.as('text'),
      sql<string[]>`array(select name from attachments where message_id = messages.id order by position limit 20)`.as(
        'fileNames',
      ),
    ])
    .where(
      'items.id',
      'in',
      places.map(({ itemId }) => itemId),
    )
    .execute();
  const itemOf = new Map(items.map((item) => [item.id, item]));
  return places.flatMap(({ itemId, messageId, receivedAt, score }) => {
    const found = itemOf.get(itemId);
    if (!found) return [];
    const { text, fileNames, ...item } = found;
    return [{ item, text, fileNames, position: { ...page, score, receivedAt, messageId } }];
  });
}
