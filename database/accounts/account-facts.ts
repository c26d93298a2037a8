import { sql } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { SignInState } from '../../domain/account-state.ts';
import type { Queryable } from '../database.ts';
import { reconciliationDueAt } from '../ingest/reconciliations.ts';

/** The properties of an account that its workflow decides by. */
export interface AccountFacts {
  readonly signIn: SignInState;
  readonly signInNumber: number;
  readonly access: AccountAccess;
  readonly enabled: boolean;
  readonly removed: boolean;
  /** The end of the newest sign-in attempt, used ones included: a refused attempt is no reason to hurry. */
  readonly signInExpiresAt: Date | undefined;
  /** Microsoft sends notifications for this mailbox. */
  readonly subscribed: boolean;
  /** When its subscription is due for creation or renewal. */
  readonly subscriptionDueAt: Date;
  /** When the next reconciliation is due. */
  readonly reconcileDueAt: Date;
}

/** Undefined when the account does not exist: treat it as removed. */
export async function findAccountFacts(db: Queryable, accountId: string): Promise<AccountFacts | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('subscriptions', 'subscriptions.accountId', 'accounts.id')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .where('accounts.id', '=', accountId)
    .select((select) => [
      'signIn',
      'signInNumber',
      'access',
      'enabled',
      'removedAt',
      reconciliationDueAt.as('reconcileDueAt'),
      select
        .selectFrom('signIns')
        .whereRef('signIns.accountId', '=', 'accounts.id')
        .select((newest) => newest.fn.max('expiresAt').as('expiresAt'))
        .as('signInExpiresAt'),
      sql<boolean>`subscriptions.graph_id is not null`.as('subscribed'),
      sql<Date>`coalesce(subscriptions.due_at, now())`.as('subscriptionDueAt'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    signIn: row.signIn,
    signInNumber: row.signInNumber,
    access: row.access,
    enabled: row.enabled,
    removed: row.removedAt !== null,
    reconcileDueAt: row.reconcileDueAt,
    signInExpiresAt: row.signInExpiresAt ?? undefined,
    subscribed: row.subscribed,
    subscriptionDueAt: row.subscriptionDueAt,
  };
}
