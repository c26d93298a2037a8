import { sql } from 'kysely';
import { type SearchQuery, type SearchTerm, spellings } from '../../domain/search/search-query.ts';
import { searchText } from '../../domain/search/search-text.ts';
import type { Database, Queryable } from '../database.ts';

/** The newest messages, whose subjects and names give the words. */
const MESSAGES = 50_000;
const MESSAGES_OF_A_READ = 2_000;
/** A word of fewer messages may be a typing error itself, and says something about a single message. */
const LEAST_MESSAGES = 3;
const SHORTEST_WORD = 4;

/**
 * Makes the words for proposals again when they are older than an hour; false when they are not. So the words of deleted
 * messages are gone after an hour, too.
 */
export async function renewSearchWords(db: Database): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('searchUpkeep')
    .set({ wordsAt: sql`now()` })
    .where('wordsAt', '<', sql<Date>`now() - interval '1 hour'`)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const counts = await countWords(db);
  const frequent = [...counts].filter(([, messages]) => messages >= LEAST_MESSAGES);
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom('searchWords').execute();
    await sql`
      insert into search_words select * from unnest(
        ${frequent.map(([word]) => word)}::text[], ${frequent.map(([, messages]) => messages)}::integer[]
      )
    `.execute(trx);
  });
  return true;
}

async function countWords(db: Queryable): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  let before: { readonly receivedAt: Date; readonly id: string } | undefined;
  for (let read = 0; read < MESSAGES; read += MESSAGES_OF_A_READ) {
    const { rows } = await sql<{ id: string; receivedAt: Date; line: string }>`
      select messages.id, documents.received_at, concat_ws(' ', left(subject, 300), left(from_name, 100)) as line
      from search_documents as documents join messages on messages.id = documents.message_id
      ${before ? sql`where (documents.received_at, documents.message_id) < (${before.receivedAt}, ${before.id}::uuid)` : sql``}
      order by documents.received_at desc, documents.message_id desc limit ${MESSAGES_OF_A_READ}
    `.execute(db);
    for (const { line } of rows) {
      for (const word of new Set(searchText(line).split(' '))) {
        if (word.length >= SHORTEST_WORD && !/\d/.test(word)) counts.set(word, (counts.get(word) ?? 0) + 1);
      }
    }
    before = rows.at(-1);
    if (rows.length < MESSAGES_OF_A_READ) break;
  }
  return counts;
}

/**
 * The query with each unknown word replaced by the most similar known one; undefined when there is none, or pg_trgm is
 * not available.
 */
export async function respell(db: Database, query: SearchQuery): Promise<SearchQuery | undefined> {
  if (!(await hasTrigrams(db))) return undefined;
  let changed = false;
  const wanted: SearchTerm[] = [];
  for (const term of query.wanted) {
    const words: string[] = [];
    for (const word of term.words) {
      const similar = await findSimilar(db, word);
      changed ||= similar !== undefined;
      words.push(similar ?? word);
    }
    wanted.push({ ...term, words });
  }
  return changed ? { ...query, wanted } : undefined;
}

async function findSimilar(db: Queryable, word: string): Promise<string | undefined> {
  const [folded = ''] = spellings(word);
  if (folded.length < SHORTEST_WORD || /\d/.test(folded)) return undefined;
  const { rows } = await sql<{ word: string; isSame: boolean }>`
    select word, word = ${folded} as is_same from search_words
    where word % ${folded}
    order by word = ${folded} desc, similarity(word, ${folded}) desc, messages desc limit 1
  `.execute(db);
  const [similar] = rows;
  return similar && !similar.isSame ? similar.word : undefined;
}

async function hasTrigrams(db: Queryable): Promise<boolean> {
  const { rows } = await sql`select from pg_extension where extname = 'pg_trgm'`.execute(db);
  return rows.length > 0;
}
