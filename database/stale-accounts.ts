import { sql } from 'kysely';
import { KEEP_SIGN_IN_ALIVE_EVERY_MS, SIGN_IN_EXPIRES_AFTER_MS } from '../domain/schedule.ts';
import type { Database } from './database.ts';
import { reconciliationDueAt } from './reconciliations.ts';

const MINUTE_MS = 60_000;
/** A healthy mailbox is looked at every few seconds, and a drain takes some. */
const READ_MS = 5 * MINUTE_MS;
/** A comparison that failed is tried again after ten minutes. */
const COMPARED_MS = 60 * MINUTE_MS;
/** Two weekly uses of the sign-in that did not happen. */
const KEPT_ALIVE_MS = 2.1 * KEEP_SIGN_IN_ALIVE_EVERY_MS;
const EXPIRED_MS = SIGN_IN_EXPIRES_AFTER_MS + 60 * MINUTE_MS;

export interface StaleAccount {
  readonly id: string;
  readonly address: string;
  /** Signed in and enabled: its mail is to be read. */
  readonly isRead: boolean;
}

/**
 * Accounts whose workflow may be missing, because something did not happen that it does, without a hindrance that explains
 * it. Enabled ones that nobody reads, or whose comparison with the ledger is overdue: mail that watchers take in says
 * nothing about the workflow. Paused ones whose sign-in is not kept alive. Those whose sign-in should have expired.
 *
 * In no order: of many that are stale for another reason than this one, each look gets others.
 */
export async function listStaleAccounts(db: Database, limit: number): Promise<readonly StaleAccount[]> {
  const ago = (ms: number) => sql<Date>`now() - ${ms} * interval '1 millisecond'`;
  return await db
    .selectFrom('accounts')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .leftJoin('tokenCaches', 'tokenCaches.accountId', 'accounts.id')
    .select(({ and, eb }) => [
      'accounts.id',
      'accounts.address',
      and([eb('signIn', '=', 'done'), eb('enabled', '=', true)])
        .$castTo<boolean>()
        .as('isRead'),
    ])
    .where('removedAt', 'is', null)
    .where('accounts.updatedAt', '<', ago(READ_MS))
    .where(({ or, and, eb }) => {
      const isUnread = and([
        // Not due yet: its workflow sleeps, and whoever looks at it in time will wake or start it.
        or([
          eb('watches.dueAt', 'is', null),
          eb('watches.dueAt', '<', ago(READ_MS)),
          sql<boolean>`watches.due_at = 'infinity'`,
        ]),
        or([eb('currentAt', 'is', null), eb('currentAt', '<', ago(READ_MS))]),
        or([eb('conditionUntil', 'is', null), eb('conditionUntil', '<', ago(READ_MS))]),
      ]);
      const isUncompared = and([eb('conditionType', 'is', null), eb(reconciliationDueAt, '<', ago(COMPARED_MS))]);
      const isSignedIn = eb('signIn', '=', 'done');
      return or([
        and([isSignedIn, eb('enabled', '=', true), or([isUnread, isUncompared])]),
        and([isSignedIn, eb('enabled', '=', false), eb('tokenCaches.updatedAt', '<', ago(KEPT_ALIVE_MS))]),
        and([eb('signIn', '=', 'awaiting'), eb('signInSince', '<', ago(EXPIRED_MS))]),
      ]);
    })
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
}
