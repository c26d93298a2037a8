import { sql, type Transaction } from 'kysely';
import { isLimited, type Reach } from '../../domain/reach.ts';
import { FOLDING } from '../../domain/search/search-text.ts';
import type { Database } from '../database.ts';
import { isWithin } from '../people/reach.ts';
import type { Schema } from '../schema.ts';
import { type SearchSource, writeDocuments } from './write-documents.ts';

/** What a batch did. */
export interface IndexedBatch {
  readonly indexed: number;
  /** PostgreSQL refused their documents: they are not found by search. */
  readonly refused: readonly string[];
}

/**
 * Indexes the newest messages that wait for it, at most `limit`. Safe for many workers at once: each takes other ones. A
 * message that PostgreSQL cannot index keeps no other from it.
 */
export async function indexPending(db: Database, limit: number): Promise<IndexedBatch> {
  // Asked every two seconds by each worker: one statement instead of a transaction's three.
  if ((await countPending(db, 1)) === 0) return { indexed: 0, refused: [] };
  return await db.transaction().execute(async (trx) => {
    const ids = await takePending(trx, limit);
    if (ids.length === 0) return { indexed: 0, refused: [] };
    const sources = await readSources(trx, ids);
    const refused: string[] = [];
    const write = async (some: readonly SearchSource[]): Promise<void> => {
      await sql`savepoint documents`.execute(trx);
      try {
        await writeDocuments(trx, some);
        await sql`release savepoint documents`.execute(trx);
      } catch (error) {
        if (!isRefusedData(error)) throw error;
        await sql`rollback to savepoint documents`.execute(trx);
        if (some.length === 1) refused.push(...some.map(({ messageId }) => messageId));
        else for (const one of some) await write([one]);
      }
    };
    await write(sources);
    await keepAsTheyAre(trx, refused);
    return { indexed: sources.length - refused.length, refused };
  });
}

/**
 * Notes documents of earlier rules (`FOLDING`) to be written again, the newest first; returns how many, at most `limit`.
 * They wait where every message waits: so no document is written beside that of a newer note, and none for a deleted
 * message. What a process of the release before takes from there is noted again.
 */
export async function noteOutdated(db: Database, limit: number): Promise<number> {
  // The literal is that of the partial index.
  const { rows } = await sql<{ noted: number }>`
    with outdated as (
      select message_id from search_documents where folding < 2 order by message_id desc limit ${limit}
    ), noted as (
      insert into search_pending select message_id from outdated on conflict do nothing
    )
    select count(*) as noted from outdated
  `.execute(db);
  return rows[0]?.noted ?? 0;
}

/** An earlier document that cannot be written again would be refused every time. */
async function keepAsTheyAre(trx: Transaction<Schema>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await trx
    .updateTable('searchDocuments')
    .set({ folding: FOLDING })
    .where('messageId', 'in', [...ids])
    .execute();
}

async function takePending(trx: Transaction<Schema>, limit: number): Promise<readonly string[]> {
  const rows = await trx
    .deleteFrom('searchPending')
    .where('messageId', 'in', (select) =>
      select
        .selectFrom('searchPending')
        .select('messageId')
        .orderBy('messageId', 'desc')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning('messageId')
    .execute();
  return rows.map(({ messageId }) => messageId);
}

/** Locked against deletion until the document is written, which would otherwise outlive its message. */
async function readSources(trx: Transaction<Schema>, ids: readonly string[]): Promise<readonly SearchSource[]> {
  return await trx
    .selectFrom('messages')
    .select([
      'id as messageId',
      'receivedAt',
      'subject',
      'fromName',
      'fromAddress',
      'recipients',
      'hasAttachments',
      sql<string[]>`array(select name from attachments where message_id = messages.id)`.as('fileNames'),
      sql<string[]>`array(
        select item_notes.text from item_notes join items on items.id = item_id where items.message_id = messages.id
      )`.as('notes'),
      sql<string>`left(body_text, 100000)`.as('bodyText'),
    ])
    .where('id', 'in', [...ids])
    .forKeyShare()
    .execute();
}

/** How many messages within a reach wait to be indexed; at most `most` are counted. */
export async function countPending(db: Database, most: number, reach?: Reach): Promise<number> {
  const within =
    reach !== undefined && isLimited(reach)
      ? sql`join items on items.message_id = search_pending.message_id where ${isWithin(reach)}`
      : sql``;
  const { rows } = await sql<{ pending: number }>`
    select count(*) as pending from (select from search_pending ${within} limit ${most}) as counted
  `.execute(db);
  return rows[0]?.pending ?? 0;
}

/** Class 22 is a data exception, 54 a limit of PostgreSQL: the message is at fault. */
function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(22|54)/.test(String(error.code));
}
