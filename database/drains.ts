import { sql } from 'kysely';
import type { DrainOutcome } from '../domain/drain-outcome.ts';
import type { Queryable } from './database.ts';

export interface DrainRecord {
  readonly startedAt: Date;
  readonly pages: number;
  readonly captured: number;
  readonly known: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly outcome: DrainOutcome;
  readonly reason?: string | undefined;
}

/** A day of a busy mailbox, months of a quiet one; the events tell what mattered before. */
const DRAINS_KEPT = 1_000;

/** Remembers drains that did something. Old ones make room, some at a time. */
export async function recordDrains(
  db: Queryable,
  drains: readonly (DrainRecord & { readonly accountId: string })[],
): Promise<void> {
  if (drains.length === 0) return;
  const recorded = await db
    .insertInto('drains')
    .values(drains.map((drain) => ({ ...drain, reason: drain.reason ?? null })))
    .returning(['id', 'accountId'])
    .execute();
  for (const { id, accountId } of recorded) if (id % 100 === 0) await forgetOldDrains(db, accountId);
}

async function forgetOldDrains(db: Queryable, accountId: string): Promise<void> {
  await db
    .deleteFrom('drains')
    .where('accountId', '=', accountId)
    .where(
      'id',
      '<',
      sql<number>`(select id from drains where account_id = ${accountId} order by id desc offset ${DRAINS_KEPT} limit 1)`,
    )
    .execute();
}
