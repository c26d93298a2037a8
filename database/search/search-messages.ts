import { type RawBuilder, sql, type Transaction } from 'kysely';
import { type SearchQuery, tsquerySource } from '../../domain/search/search-query.ts';
import type { Database, Queryable } from '../database.ts';
import { effectiveState } from '../queues/item-state.ts';
import { type ItemSummary, selectItemSummaries } from '../queues/messages.ts';
import type { Schema } from '../schema.ts';

export interface SearchFilters {
  readonly queueId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly state?: string | undefined;
  /** Who claimed the item, or completed it. */
  readonly person?: string | undefined;
  readonly tag?: string | undefined;
  readonly hasAttachments?: boolean | undefined;
  readonly receivedFrom?: Date | undefined;
  readonly receivedBefore?: Date | undefined;
}

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
}

/** Of all that matches, the newest are ranked: older mail is found by a narrower search, or by the order of time. */
export const RANKED = 300;
/** Better to ask for another word than to keep a connection and a core busy. */
const SEARCH_TIMEOUT_MS = 4_000;
/** Ten times the median among a million messages. */
const FIRST_PLAN_TIMEOUT_MS = 800;
/** Enough for an excerpt around the first match. */
const EXCERPT_FROM_CHARACTERS = 20_000;

/**
 * Items whose messages match. `order: 'relevance'`: the newest 300 of them, by where the words stand, and by age;
 * `newest`: all. Throws PostgreSQL's `query_canceled` when the search takes too long.
 */
export async function searchMessages(db: Database, search: Search): Promise<SearchHits> {
  const query = await compileQuery(db, search.query);
  if (query === undefined) return { hits: [], lexemes: [] };
  const { text, lexemes } = query;
  const asOf = search.after?.asOf ?? new Date();
  const places = await findPlaces(db, { ...search, asOf }, text, 'planned').catch((error: unknown) => {
    if (text === null || !isStatementTimeout(error)) throw error;
    return findPlaces(db, { ...search, asOf }, text, 'by words');
  });
  return { hits: await describe(db, places, asOf), lexemes };
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

interface Place {
  readonly itemId: string;
  readonly messageId: string;
  readonly receivedAt: Date;
  readonly score: number;
}

/** Of A: subject, B: sender, C: recipients and file names, D: text; PostgreSQL lists them from D to A. */
const WEIGHTS = '{0.05, 0.3, 0.6, 1}';
/** A match of today counts twice as much as one that is this old. */
const HALF_LIFE_DAYS = 90;

/** `asOf`: from when the ages of messages are counted. */
type DatedSearch = Search & { readonly asOf: Date };

/**
 * `planned`: as PostgreSQL estimates it, either along the index of time, which is fast for common words, or by the index
 * of words. It cannot know how often words occur together, and would walk through all messages in search of two common
 * ones that never do. `by words`: always by that index.
 */
type Manner = 'planned' | 'by words';

async function findPlaces(
  db: Database,
  search: DatedSearch,
  text: string | null,
  manner: Manner,
): Promise<readonly Place[]> {
  return await db.transaction().execute(async (trx) => {
    const timeoutMs = manner === 'planned' && text !== null ? FIRST_PLAN_TIMEOUT_MS : SEARCH_TIMEOUT_MS;
    // With a generic plan, PostgreSQL would not know whether the words are rare. Compiling costs more than it saves.
    await sql
      .raw(
        `set local plan_cache_mode = force_custom_plan; set local jit = off; set local statement_timeout = ${timeoutMs}`,
      )
      .execute(trx);
    if (manner === 'by words') await sql`set local enable_seqscan = off`.execute(trx);
    return await selectPlaces(trx, search, text, manner);
  });
}

async function selectPlaces(
  db: Transaction<Schema>,
  search: DatedSearch,
  text: string | null,
  manner: Manner,
): Promise<readonly Place[]> {
  const { order, limit, after } = search;
  const where = conditions(search, text);
  const isByTime = order === 'newest' || text === null;
  if (isByTime && after) {
    where.push(sql`(documents.received_at, documents.message_id) < (${after.receivedAt}, ${after.messageId}::uuid)`);
  }
  const score =
    text === null || isByTime
      ? sql`0`
      : sql`ts_rank(${WEIGHTS}::real[], documents.document, ${text}::tsquery)
          / (1 + greatest(0, extract(epoch from ${search.asOf}::timestamptz - documents.received_at)) / ${HALF_LIFE_DAYS * 86_400})`;
  const matching = sql`
    select items.id as item_id, documents.message_id, documents.received_at, (${score})::float8 as score
    from search_documents as documents join items on items.message_id = documents.message_id
    where ${where.length === 0 ? sql`true` : sql.join(where, sql` and `)}
    order by documents.received_at ${sql.raw(manner === 'planned' ? '' : "+ interval '0'")} desc, documents.message_id desc
    limit ${isByTime ? limit : RANKED}
  `;
  if (isByTime) return (await sql<Place>`${matching}`.execute(db)).rows;
  const { rows } = await sql<Place>`
    select * from (${matching}) as matching
    ${after ? sql`where (score, message_id) < (${after.score}::float8, ${after.messageId}::uuid)` : sql``}
    order by score desc, message_id desc limit ${limit}
  `.execute(db);
  return rows;
}

function conditions(search: Search, text: string | null): RawBuilder<unknown>[] {
  const { queueId, accountId, state, person, tag, hasAttachments, receivedFrom, receivedBefore } = search;
  const where: RawBuilder<unknown>[] = [];
  if (text !== null) where.push(sql`documents.document @@ ${text}::tsquery`);
  if (queueId !== undefined) where.push(sql`items.queue_id = ${queueId}`);
  if (accountId !== undefined) where.push(sql`items.account_id = ${accountId}`);
  // In words that the partial indexes of open items know.
  if (state === 'completed') where.push(sql`items.state = 'completed'`);
  else if (state !== undefined) where.push(sql`items.state <> 'completed' and ${effectiveState} = ${state}`);
  if (person !== undefined) where.push(sql`items.claimed_by = ${person}`);
  if (tag !== undefined) where.push(sql`items.tags @> array[${tag}]::text[]`);
  if (hasAttachments !== undefined) where.push(sql`documents.has_attachments = ${hasAttachments}`);
  if (receivedFrom) where.push(sql`documents.received_at >= ${receivedFrom}`);
  if (receivedBefore) where.push(sql`documents.received_at < ${receivedBefore}`);
  return where;
}

async function describe(db: Queryable, places: readonly Place[], asOf: Date): Promise<readonly SearchHit[]> {
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
    return [{ item, text, fileNames, position: { asOf, score, receivedAt, messageId } }];
  });
}
