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

/** A day of a busy mailbox, months of a quiet one; the events keep the important history. */
const DRAINS_KEPT = 1_000;
/** Number of a process's drains between two deletions of old ones. */
const FORGOTTEN_EVERY = 100;

type AccountDrain = DrainRecord & { readonly accountId: string };

/** The statement that records drains that did something; also usable as part of another statement. */
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

/** Now and then deletes old drains of accounts that have just recorded some. */
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
