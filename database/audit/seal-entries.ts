import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { anchorProof, type ChainEnd, readAnchor, START_OF_CHAIN } from './anchors.ts';

/** What is hashed of an entry: read as PostgreSQL's own text, so that no setting of a connection changes it. */
export const contentColumns = sql<string>`json_build_array(
  (extract(epoch from audit_entries.at) * 1000000)::bigint, act, outcome, reason, actor, actor_name, profile, address, agent,
  request_id, object_kind, object_id, object_name, changes::text)::text`;

/** SHA-256 of an entry's content. Its id is in the seal's own hash. */
export function contentHash(content: string): Buffer {
  return createHash('sha256').update(content).digest();
}

/** SHA-256 of the previous hash, and of number, entry and content of this seal. */
export function sealHash(previous: Buffer, number: number, entryId: number, content: Buffer): Buffer {
  return createHash('sha256').update(previous).update(`${number}|${entryId}|`).update(content).digest();
}

/** Any number that no other lock of Mailroom has. */
const SEALING = 0x41_55_44_49;
const ENTRIES_AT_A_TIME = 1_000;

/** Whether entries wait for their seal: one statement, where sealing has five. */
export async function hasUnsealed(db: Queryable): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`select exists (select from audit_pending) as waits`.execute(db);
  return rows[0]?.waits === true;
}

/**
 * Appends the entries that have no seal yet to the chain, at most a thousand, in one transaction: one process at a time,
 * others return at once. Returns how many, and the end of the chain; undefined when another process is at it.
 */
export async function sealEntries(
  db: Database,
  keys: KeyRing,
): Promise<{ readonly sealed: number; readonly head: ChainEnd } | undefined> {
  return await db.transaction().execute(async (trx) => {
    const { rows } = await sql<{ won: boolean }>`select pg_try_advisory_xact_lock(${SEALING}) as won`.execute(trx);
    if (!rows[0]?.won) return undefined;
    const entries = await trx
      .selectFrom('auditPending')
      .innerJoin('auditEntries', 'auditEntries.id', 'auditPending.entryId')
      .select(['auditEntries.id', contentColumns.as('content')])
      .orderBy('auditEntries.id')
      .limit(ENTRIES_AT_A_TIME)
      .execute();
    let head = await findHead(trx, keys);
    if (entries.length === 0) return { sealed: 0, head };
    const seals = entries.map(({ id, content: text }) => {
      const content = contentHash(text);
      const number = head.number + 1;
      head = { number, hash: sealHash(head.hash, number, id, content) };
      return { number, entryId: id, content, hash: head.hash };
    });
    await trx.insertInto('auditSeals').values(seals).execute();
    await sql`delete from audit_pending where entry_id = any(${entries.map(({ id }) => id)}::bigint[])`.execute(trx);
    const anchor = { number: head.number, proof: anchorProof(keys, 'head', head) };
    await trx
      .insertInto('auditAnchors')
      .values({ kind: 'head', ...anchor })
      .onConflict((conflict) => conflict.column('kind').doUpdateSet({ ...anchor, updatedAt: sql<Date>`now()` }))
      .execute();
    return { sealed: entries.length, head };
  });
}

/**
 * Where the chain goes on: behind its stored end, even if seals before that are gone, so that the gap stays. Without a
 * readable one behind the last seal, or behind what was deleted because of its age.
 */
async function findHead(db: Queryable, keys: KeyRing): Promise<ChainEnd> {
  const stored = await readAnchor(db, keys, 'head');
  if (stored) return stored;
  const last = await db
    .selectFrom('auditSeals')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last ?? (await readAnchor(db, keys, 'start')) ?? START_OF_CHAIN;
}
