import { sql } from 'kysely';
import type { Database } from './database.ts';

/** A healthy mailbox is looked at every few seconds, and a drain takes some; whose silence lasts this long is looked after. */
const STALE_AFTER_MINUTES = 5;

/**
 * Accounts whose workflow may be missing: enabled and signed in, but neither looked at nor drained lately, without a
 * hindrance that explains it; or waiting for a sign-in that nobody watches any more.
 */
export async function listStaleAccounts(
  db: Database,
  limit: number,
): Promise<readonly { readonly id: string; readonly address: string }[]> {
  const before = sql<Date>`now() - ${STALE_AFTER_MINUTES} * interval '1 minute'`;
  return await db
    .selectFrom('accounts')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .select(['accounts.id', 'accounts.address'])
    .where('removedAt', 'is', null)
    .where('updatedAt', '<', before)
    .where(({ or, and, eb }) =>
      or([
        and([
          eb('signIn', '=', 'done'),
          eb('enabled', '=', true),
          // Not due yet: its workflow sleeps, and whoever looks at it in time will wake or start it.
          or([eb('dueAt', 'is', null), eb('dueAt', '<', before), eb('dueAt', '=', sql<Date>`'infinity'`)]),
          or([eb('currentAt', 'is', null), eb('currentAt', '<', before)]),
          or([eb('conditionUntil', 'is', null), eb('conditionUntil', '<', before)]),
        ]),
        and([eb('signIn', '=', 'awaiting'), eb('signInSince', '<', sql<Date>`now() - interval '25 hours'`)]),
      ]),
    )
    .orderBy('currentAt', (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute();
}
