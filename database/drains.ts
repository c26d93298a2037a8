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

/** Remembers a drain that did something. Old ones make room, some at a time. */
export async function recordDrain(db: Queryable, accountId: string, drain: DrainRecord): Promise<void> {
  const { id } = await db
    .insertInto('drains')
    .values({ accountId, ...drain, reason: drain.reason ?? null })
    .returning('id')
    .executeTakeFirstOrThrow();
  if (id % 100 !== 0) return;
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
