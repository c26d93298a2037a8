import { sql } from 'kysely';
import type { DrainOutcome } from '../../domain/drain-outcome.ts';
import type { Queryable } from '../database.ts';

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
/** Old ones make room after so many drains of a process. */
const FORGOTTEN_EVERY = 100;

type AccountDrain = DrainRecord & { readonly accountId: string };

/** The statement that remembers drains that did something, also for a part of another one. */
export function recordedDrains(drains: readonly AccountDrain[]) {
  const column = <Key extends keyof AccountDrain>(key: Key) => drains.map((drain) => drain[key] ?? null);
  return sql`
    insert into drains (account_id, started_at, pages, captured, known, skipped, quarantined, outcome, reason)
    select * from unnest(
      ${column('accountId')}::uuid[], ${column('startedAt')}::timestamptz[], ${column('pages')}::integer[],
      ${column('captured')}::integer[], ${column('known')}::integer[], ${column('skipped')}::integer[],
      ${column('quarantined')}::integer[], ${column('outcome')}::text[], ${column('reason')}::text[]
    )
  `;
}

export async function recordDrain(db: Queryable, drain: AccountDrain): Promise<void> {
  await recordedDrains([drain]).execute(db);
  await forgetOldDrains(db, [drain.accountId]);
}

let recorded = 0;

/** Lets old drains of accounts make room that have recorded some, now and then. */
export async function forgetOldDrains(db: Queryable, accountIds: readonly string[]): Promise<void> {
  for (const accountId of accountIds) {
    if (++recorded % FORGOTTEN_EVERY !== 0) continue;
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
}
