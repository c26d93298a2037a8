import { sql } from 'kysely';
import type { Queryable } from '../database.ts';

export interface AttemptCount {
  readonly attempts: number;
  /** Milliseconds until the count starts again. */
  readonly endsInMs: number;
}

/** Counts an attempt within the minute that the first one started, by the database's clock. */
export async function countAttempt(db: Queryable, attempt: string, originHash: Buffer): Promise<AttemptCount> {
  const { rows } = await sql<AttemptCount>`
    insert into attempt_counts as known (attempt, origin_hash, attempts, ends_at)
    values (${attempt}, ${originHash}, 1, now() + interval '1 minute')
    on conflict (attempt, origin_hash) do update set
      attempts = case when known.ends_at > now() then known.attempts + 1 else 1 end,
      ends_at = case when known.ends_at > now() then known.ends_at else excluded.ends_at end
    returning attempts, extract(epoch from ends_at - now())::float8 * 1000 as ends_in_ms`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('An upsert returned no row');
  return row;
}

/** Uncounts an attempt that succeeded. */
export async function forgiveAttempt(db: Queryable, attempt: string, originHash: Buffer): Promise<void> {
  await db
    .updateTable('attemptCounts')
    .set({ attempts: sql<number>`attempts - 1` })
    .where('attempt', '=', attempt)
    .where('originHash', '=', originHash)
    .where('attempts', '>', 0)
    .execute();
}

/** Deletes counts whose minute is over. */
export async function forgetAttempts(db: Queryable): Promise<void> {
  await db.deleteFrom('attemptCounts').where('endsAt', '<', sql<Date>`now()`).execute();
}
