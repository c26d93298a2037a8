import { sql } from 'kysely';
import { KEEP_SIGN_IN_ALIVE_EVERY_MS, SIGN_IN_EXPIRES_AFTER_MS } from '../../domain/schedule.ts';
import type { Database } from '../database.ts';
import { reconciliationDueAt } from '../ingest/reconciliations.ts';
import { isRead } from '../ingest/watches.ts';

const MINUTE_MS = 60_000;
/** A running drain writes pages, or ends, within minutes. */
const READ_MS = 5 * MINUTE_MS;
/** A failed reconciliation is tried again after ten minutes. */
const COMPARED_MS = 15 * MINUTE_MS;
/** The workflow wakes or is signalled for it; this is for one that slept, or could not be signalled. */
const SUBSCRIPTION_KEPT_MS = MINUTE_MS;
/** Two missed weekly uses of the sign-in. */
const KEPT_ALIVE_MS = 2.1 * KEEP_SIGN_IN_ALIVE_EVERY_MS;
const EXPIRED_MS = SIGN_IN_EXPIRES_AFTER_MS + 60 * MINUTE_MS;

export interface StaleAccount {
  readonly id: string;
  readonly address: string;
  /**
   * What to signal to the workflow: that mail may be waiting, or that upkeep is due. `workflow`: it only has to exist.
   */
  readonly needs: 'reading' | 'upkeep' | 'workflow';
}

/**
 * Accounts whose workflow may be missing or may have missed a signal: its work is overdue, and no condition explains
 * why. Enabled accounts whose drain makes no progress, whose reconciliation is overdue or whose subscription is not
 * kept. (A mailbox that a reader polls is not the workflow's to read, and mail captured by a reader says nothing about
 * the workflow.) Disabled accounts whose sign-in is not kept alive. Accounts whose sign-in should have expired.
 *
 * In random order: when many are stale for a reason that this does not cure, each round gets others.
 */
export async function listStaleAccounts(db: Database, limit: number): Promise<readonly StaleAccount[]> {
  const ago = (ms: number) => sql<Date>`now() - ${ms} * interval '1 millisecond'`;
  const isUnread = sql<boolean>`(
    watches.state is distinct from 'polling'
    and (watches.current_at is null or watches.current_at < ${ago(READ_MS)})
    and (condition_until is null or condition_until < ${ago(READ_MS)})
  )`;
  const isOverdue = sql<boolean>`(
    condition_type is null
    and (${reconciliationDueAt} < ${ago(COMPARED_MS)} or subscriptions.due_at < ${ago(SUBSCRIPTION_KEPT_MS)})
  )`;
  return await db
    .selectFrom('accounts')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .leftJoin('subscriptions', 'subscriptions.accountId', 'accounts.id')
    .leftJoin('tokenCaches', 'tokenCaches.accountId', 'accounts.id')
    .select([
      'accounts.id',
      'accounts.address',
      sql<StaleAccount['needs']>`
        case when not ${isRead} then 'workflow' when ${isUnread} then 'reading' else 'upkeep' end`.as('needs'),
    ])
    .where('removedAt', 'is', null)
    .where('accounts.updatedAt', '<', ago(READ_MS))
    .where(({ or, and, eb }) =>
      or([
        and([isRead, or([isUnread, isOverdue])]),
        and([
          eb('signIn', '=', 'done'),
          eb('enabled', '=', false),
          eb('tokenCaches.updatedAt', '<', ago(KEPT_ALIVE_MS)),
        ]),
        and([eb('signIn', '=', 'awaiting'), eb('signInSince', '<', ago(EXPIRED_MS))]),
      ]),
    )
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
}
