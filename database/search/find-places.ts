import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import { isInState } from '../queues/item-state.ts';
import type { ItemState, Schema } from '../schema.ts';

export interface SearchFilters {
  /** The queues that the person may see; undefined: all, and items in no queue. */
  readonly allowedQueues?: readonly string[] | undefined;
  /** The accounts whose mail an API key may see; undefined: all. */
  readonly allowedAccounts?: readonly string[] | undefined;
  readonly queueId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly state?: ItemState | undefined;
  /** Who claimed the item, or completed it. */
  readonly person?: string | undefined;
  readonly tag?: string | undefined;
  readonly hasAttachments?: boolean | undefined;
  readonly receivedFrom?: Date | undefined;
  readonly receivedBefore?: Date | undefined;
}

export interface PlacedSearch extends SearchFilters {
  /** A `tsquery`; null: any message. */
  readonly text: string | null;
  /** It asks for a phrase or a field: the index only names the documents that may match. */
  readonly readsDocuments: boolean;
  readonly order: 'relevance' | 'newest';
  readonly limit: number;
  readonly after: RankedAfter | undefined;
  /** From when the ages of messages are counted. */
  readonly asOf: Date;
}

/** A match, with what orders it. */
export interface Place {
  readonly itemId: string;
  readonly messageId: string;
  readonly receivedAt: Date;
  readonly score: number;
}

/** A message in the order of time. */
export type Moment = Pick<Place, 'receivedAt' | 'messageId'>;

interface RankedAfter extends Omit<Place, 'itemId'> {
  /** By relevance: only older messages than this one are ranked. */
  readonly start: Moment | undefined;
}

export interface FoundPlaces {
  readonly places: readonly Place[];
  /** Older messages than this one were not searched. Undefined: all were. */
  readonly searchedTo: Moment | undefined;
}

/** Of all that matches, the newest are ranked: older mail is found by a narrower search, or by the order of time. */
export const RANKED = 300;
/** Of A: subject, B: sender, C: recipients and file names, D: text; PostgreSQL lists them from D to A. */
const WEIGHTS = '{0.05, 0.3, 0.6, 1}';
/** A match of today counts twice as much as one that is this old. */
const HALF_LIFE_DAYS = 90;

/** Better to ask for another word than to keep a connection and a core busy. */
const SEARCH_TIMEOUT_MS = 4_000;
/** How much is read in one way before another one is taken. */
export interface WalkLimits {
  /** Of so many expected matches at most, all are read and sorted at once. */
  readonly fewMatches: number;
  /** Of so many documents at most, which may match a phrase or a field, all are read in one search. */
  readonly fewCandidates: number;
  /** Documents along their own index of time. */
  readonly documents: number;
  /** Items with their documents, or documents with their items, one by one. */
  readonly items: number;
}

/** Among a million messages: some 10 ms for matches, 60 ms for candidates, 50 ms for documents, 100 ms for items. */
export const WALK_LIMITS: WalkLimits = { fewMatches: 2_000, fewCandidates: 20_000, documents: 50_000, items: 8_000 };

/** The share of a walk that tells how common the matches are. */
const PROBE = 1 / 12;

/** More queues hold most of the mail: their newest items are soon found among all. */
const MERGED_QUEUES = 16;

/**
 * The newest matches, or the best of the newest 300. One query could do it: PostgreSQL would walk along the index of time
 * until there are enough, or go by words and filters and sort what they find. But it cannot know how words and filters
 * occur together, and walks through a million messages in search of two common words that never do. So, where many
 * matches are expected, a part of the newest messages is walked first. Where matches are as common there as one walk
 * needs, it goes on; otherwise words and filters find them. A phrase of common words is the exception: its words are in
 * too many documents to read them all, so the search ends after one walk and says how far it came.
 */
export async function findPlaces(db: Database, search: PlacedSearch, limits = WALK_LIMITS): Promise<FoundPlaces> {
  return await db.transaction().execute(async (trx) => {
    // With a generic plan, PostgreSQL would not know whether the words are rare. Compiling costs more than it saves. A
    // bitmap of a common word's messages takes some megabytes; in less, whole pages would be compared.
    await sql`
      set local plan_cache_mode = force_custom_plan; set local jit = off; set local work_mem = '32MB';
      set local statement_timeout = ${sql.lit(SEARCH_TIMEOUT_MS)}
    `.execute(trx);
    const isRanked = search.order === 'relevance' && search.text !== null;
    const { places, searchedTo } = await findNewest(trx, search, isRanked ? RANKED : search.limit, limits);
    return { places: isRanked ? rank(places, search) : places, searchedTo };
  });
}

async function findNewest(
  trx: Transaction<Schema>,
  search: PlacedSearch,
  wanted: number,
  limits: WalkLimits,
): Promise<FoundPlaces> {
  const all = (places: readonly Place[]): FoundPlaces => ({ places, searchedTo: undefined });
  const expected = await estimateMatches(trx, search);
  if (expected <= limits.fewMatches) return all(await goByFilters(trx, search, wanted, false));
  const probed = await walkNewest(trx, search, wanted, partOf(limits, PROBE));
  if (probed.length >= wanted) return all(probed);
  const areCommon = probed.length >= wanted * PROBE;
  const areManyToRead = search.readsDocuments && expected > limits.fewCandidates;
  if (areCommon || areManyToRead) {
    const walked = await walkNewest(trx, search, wanted, limits);
    if (walked.length >= wanted) return all(walked);
    if (areManyToRead) return { places: walked, searchedTo: await findWalksEnd(trx, search, limits) };
  }
  return all(await goByFilters(trx, search, wanted, true));
}

const partOf = ({ documents, items, ...rest }: WalkLimits, share: number): WalkLimits => ({
  ...rest,
  documents: Math.ceil(documents * share),
  items: Math.ceil(items * share),
});

/** The planner's estimate, from its statistics of words and columns. */
async function estimateMatches(db: Queryable, search: PlacedSearch): Promise<number> {
  const { rows } = await sql<{ 'QUERY PLAN': readonly [{ Plan: { 'Plan Rows': number } }] }>`
    explain (format json) select from ${tables(search)} where ${allOf(conditions(search))}
  `.execute(db);
  return rows[0]?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}

/** Ends with the last one wanted: that is why nothing is joined as a whole. */
async function walkNewest(
  db: Transaction<Schema>,
  search: PlacedSearch,
  wanted: number,
  limits: WalkLimits,
): Promise<readonly Place[]> {
  await sql`set local enable_hashjoin = off; set local enable_mergejoin = off`.execute(db);
  const { from, dated } = newest(search, limits);
  const { rows } = await sql<Place>`
    select ${place(search)} from ${from} where ${allOf(conditions(search))}
    order by ${dated}.received_at desc, ${dated}.message_id desc limit ${wanted}
  `.execute(db);
  return rows;
}

/** The last message of a walk; undefined where there are no more than it read. */
async function findWalksEnd(db: Queryable, search: PlacedSearch, limits: WalkLimits): Promise<Moment | undefined> {
  const { walked, most } = newest(search, limits);
  const { rows } = await sql<Moment>`
    select received_at, message_id from ${walked} as walked
    order by received_at desc, message_id desc offset ${most - 1} limit 1
  `.execute(db);
  return rows[0];
}

/** `walked`: in vain, and so nothing is walked again. */
async function goByFilters(
  db: Transaction<Schema>,
  search: PlacedSearch,
  wanted: number,
  walked: boolean,
): Promise<readonly Place[]> {
  await sql`
    set local enable_hashjoin = on; set local enable_mergejoin = on; set local enable_seqscan = off
  `.execute(db);
  // The indexes of a person's and of a queue's items are in order; in that of all documents few matches are far apart.
  const isOrdered = !walked && smallSets(search).length > 0;
  const dated = isOrdered ? sql`items` : datedBy(search);
  const { rows } = await sql<Place>`
    select ${place(search)} from ${tables(search)} where ${allOf(conditions(search))}
    order by ${dated}.received_at ${sql.raw(isOrdered ? '' : "+ interval '0'")} desc, ${dated}.message_id desc
    limit ${wanted}
  `.execute(db);
  return rows;
}

interface Newest {
  /** The messages that are walked. */
  readonly walked: RawBuilder<unknown>;
  /** How many they are at most. */
  readonly most: number;
  /** These with what else is asked of them. */
  readonly from: RawBuilder<unknown>;
  /** The table by whose index they are ordered. */
  readonly dated: RawBuilder<unknown>;
}

const newest = (search: PlacedSearch, limits: WalkLimits) =>
  newestItems(search, limits) ?? newestDocuments(search, limits);

/** Of one person, or of few queues: in the order of an index of each. Undefined: of all. */
function newestItems(search: PlacedSearch, limits: WalkLimits): Newest | undefined {
  const sets = smallSets(search);
  if (sets.length === 0) return undefined;
  const newest = sets.map(
    (set) => sql`(select * from items where ${allOf([set, ...timeConditions(search, sql`items`)])}
      order by received_at desc, message_id desc limit ${limits.items})`,
  );
  const walked = sql`(
    select * from (${sql.join(newest, sql` union all `)}) as newest
    order by received_at desc, message_id desc limit ${limits.items}
  )`;
  const documents = needsDocuments(search) ? sql`join search_documents as documents using (message_id)` : sql``;
  return { walked, most: limits.items, from: sql`${walked} as items ${documents}`, dated: sql`items` };
}

function smallSets({ person, queueId, allowedQueues = [] }: PlacedSearch): readonly RawBuilder<unknown>[] {
  if (person !== undefined) return [sql`items.claimed_by = ${person}`];
  const queueIds = queueId === undefined ? allowedQueues : [queueId];
  return queueIds.length > MERGED_QUEUES ? [] : queueIds.map((id) => sql`items.queue_id = ${id}`);
}

function newestDocuments(search: PlacedSearch, limits: WalkLimits): Newest {
  const most = search.text === null ? limits.items : limits.documents;
  const walked = sql`(
    select * from search_documents where ${allOf(timeConditions(search, sql`search_documents`))}
    order by received_at desc, message_id desc limit ${most}
  )`;
  return { walked, most, from: sql`${walked} as documents join items using (message_id)`, dated: sql`documents` };
}

/** Items are dated as their documents are, and need none where nothing is asked of it. */
const needsDocuments = ({ text, hasAttachments }: PlacedSearch) => text !== null || hasAttachments !== undefined;
const datedBy = (search: PlacedSearch) => (needsDocuments(search) ? sql`documents` : sql`items`);
const tables = (search: PlacedSearch) =>
  needsDocuments(search) ? sql`search_documents as documents join items using (message_id)` : sql`items`;

const allOf = (conditions: readonly RawBuilder<unknown>[]) =>
  conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);

function place({ text, order, asOf }: PlacedSearch): RawBuilder<unknown> {
  const score =
    text === null || order === 'newest'
      ? sql`0`
      : sql`ts_rank(${WEIGHTS}::real[], documents.document, ${text}::tsquery)
          / (1 + greatest(0, extract(epoch from ${asOf}::timestamptz - items.received_at)) / ${HALF_LIFE_DAYS * 86_400})`;
  return sql`items.id as item_id, items.message_id, items.received_at, (${score})::float8 as score`;
}

function conditions(search: PlacedSearch): readonly RawBuilder<unknown>[] {
  const { text, allowedQueues, allowedAccounts, queueId, accountId, state, person, tag, hasAttachments } = search;
  const where = [sql`items.message_id is not null`, ...timeConditions(search, datedBy(search))];
  if (text !== null) where.push(sql`documents.document @@ ${text}::tsquery`);
  if (allowedQueues !== undefined) where.push(sql`items.queue_id = any(${[...allowedQueues]}::uuid[])`);
  if (allowedAccounts !== undefined) where.push(sql`items.account_id = any(${[...allowedAccounts]}::uuid[])`);
  if (queueId !== undefined) where.push(sql`items.queue_id = ${queueId}`);
  if (accountId !== undefined) where.push(sql`items.account_id = ${accountId}`);
  if (state !== undefined) where.push(isInState(state));
  if (person !== undefined) where.push(sql`items.claimed_by = ${person}`);
  // In words that the partial index of tags knows.
  if (tag !== undefined) where.push(sql`cardinality(items.tags) > 0 and items.tags @> array[${tag}]::text[]`);
  if (hasAttachments !== undefined) where.push(sql`documents.has_attachments = ${hasAttachments}`);
  return where;
}

function timeConditions(search: PlacedSearch, dated: RawBuilder<unknown>): readonly RawBuilder<unknown>[] {
  const { text, order, after, receivedFrom, receivedBefore } = search;
  const where: RawBuilder<unknown>[] = [];
  if (receivedFrom) where.push(sql`${dated}.received_at >= ${receivedFrom}`);
  if (receivedBefore) where.push(sql`${dated}.received_at < ${receivedBefore}`);
  const start = order === 'newest' || text === null ? after : after?.start;
  if (start) {
    where.push(sql`(${dated}.received_at, ${dated}.message_id) < (${start.receivedAt}, ${start.messageId}::uuid)`);
  }
  return where;
}

/** Best first, from where the page before ended. */
function rank(places: readonly Place[], { after, limit }: PlacedSearch): readonly Place[] {
  return places
    .filter((place) => after === undefined || compare(place, after) > 0)
    .toSorted(compare)
    .slice(0, limit);
}

function compare(a: Omit<Place, 'itemId'>, b: Omit<Place, 'itemId'>): number {
  if (a.score !== b.score) return b.score - a.score;
  return a.messageId < b.messageId ? 1 : a.messageId > b.messageId ? -1 : 0;
}
