import { sql } from 'kysely';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database } from '../database.ts';
import { anchorProof } from './anchors.ts';

/** Small, so that a statement stays short. */
const ENTRIES_AT_A_TIME = 2_000;

/**
 * Deletes the oldest sealed entries that are older than so many days, a few thousand at most, by the function of the
 * database's owner, and leaves the proved hash that the rest begins with. Returns how many.
 */
export async function forgetEntries(db: Database, keys: KeyRing, keptDays: number): Promise<number> {
  const { rows } = await sql<{ number: number; hash: Buffer }>`
    select number, hash from (
      select number, hash, at from audit_seals join audit_entries on id = entry_id
      order by number limit ${ENTRIES_AT_A_TIME}
    ) as oldest
    where number < (
      select coalesce(min(number), 9223372036854775807) from (
        select number, at from audit_seals join audit_entries on id = entry_id order by number limit ${ENTRIES_AT_A_TIME}
      ) as those where at > now() - ${keptDays} * interval '1 day'
    )
    order by number desc limit 1`.execute(db);
  const [last] = rows;
  if (!last) return 0;
  const deleted = await sql<{ deleted: number }>`
    select audit_forget(${last.number}, ${anchorProof(keys, 'start', last)}) as deleted`.execute(db);
  return deleted.rows[0]?.deleted ?? 0;
}
