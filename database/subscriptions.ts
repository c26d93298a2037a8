import { sql } from 'kysely';
import type { SignInState } from '../domain/account-state.ts';
import type { Failure } from '../domain/failure.ts';
import type { Database, Queryable } from './database.ts';
import { recordEvent } from './events.ts';

/** What is known of an account's notifications. */
export interface SubscriptionFacts {
  readonly signIn: SignInState;
  readonly signInNumber: number;
  readonly enabled: boolean;
  readonly removed: boolean;
  readonly isShared: boolean;
  /** Microsoft's id; undefined: there is none. */
  readonly graphId: string | undefined;
  readonly dueAt: Date;
  readonly failures: number;
  /** The longest life of a subscription in minutes, as Microsoft last told it. */
  readonly ceilingMinutes: number | undefined;
}

/** Undefined when there is no such account. */
export async function findSubscriptionFacts(db: Queryable, accountId: string): Promise<SubscriptionFacts | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('subscriptions', 'subscriptions.accountId', 'accounts.id')
    .leftJoin('settings', (join) => join.onTrue())
    .where('accounts.id', '=', accountId)
    .select([
      'signIn',
      'signInNumber',
      'enabled',
      sql<boolean>`removed_at is not null`.as('removed'),
      sql<boolean>`sign_in_as is not null`.as('isShared'),
      'graphId',
      sql<Date>`coalesce(due_at, now())`.as('dueAt'),
      sql<number>`coalesce(failures, 0)`.as('failures'),
      'subscriptionCeilingMinutes',
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { graphId, subscriptionCeilingMinutes, ...facts } = row;
  return { ...facts, graphId: graphId ?? undefined, ceilingMinutes: subscriptionCeilingMinutes ?? undefined };
}

export interface StoredSubscription {
  readonly id: string;
  readonly expiresAt: Date;
  /** When it is to be renewed. */
  readonly dueAt: Date;
  readonly isNew: boolean;
  /** Where Microsoft told it on the way. */
  readonly ceilingMinutes: number | undefined;
}

/** Microsoft made or renewed a subscription. False when the account was paused or removed meanwhile: nothing is stored. */
export async function storeSubscription(
  db: Database,
  accountId: string,
  { id, expiresAt, dueAt, isNew, ceilingMinutes }: StoredSubscription,
): Promise<boolean> {
  const values = {
    graphId: id,
    expiresAt,
    dueAt,
    failures: 0,
    failureReason: null,
    failureCode: null,
    ...(isNew ? { createdAt: sql<Date>`now()`, notifiedAt: null } : {}),
  };
  return await db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom('accounts')
      .select('id')
      .where('id', '=', accountId)
      .where('enabled', '=', true)
      .where('removedAt', 'is', null)
      .forShare()
      .executeTakeFirst();
    if (!account) return false;
    await trx
      .insertInto('subscriptions')
      .values({ accountId, ...values })
      .onConflict((conflict) => conflict.column('accountId').doUpdateSet(values))
      .execute();
    if (isNew) await recordEvent(trx, { actor: 'mailroom', name: 'account.push-started', accountId });
    if (ceilingMinutes !== undefined) {
      await trx.updateTable('settings').set({ subscriptionCeilingMinutes: ceilingMinutes }).execute();
    }
    return true;
  });
}

/** It could not be made or renewed; it is tried again at `dueAt`. Remembered as an event when it had worked before. */
export async function recordSubscriptionFailure(
  db: Database,
  accountId: string,
  { failure, dueAt }: { failure: Failure; dueAt: Date },
): Promise<void> {
  const reason = failure.reason ?? failure.type;
  await db.transaction().execute(async (trx) => {
    const { failures } = await trx
      .insertInto('subscriptions')
      .values({ accountId, dueAt, failures: 1, failureReason: reason, failureCode: failure.code ?? null })
      .onConflict((conflict) =>
        conflict.column('accountId').doUpdateSet({
          dueAt,
          failures: sql`subscriptions.failures + 1`,
          failureReason: reason,
          failureCode: failure.code ?? null,
        }),
      )
      .returning('failures')
      .executeTakeFirstOrThrow();
    if (failures > 1) return;
    const details = { type: failure.type, reason: failure.reason, code: failure.code };
    await recordEvent(trx, { actor: 'mailroom', name: 'account.push-failed', accountId, details });
  });
}

/** Nothing is to be kept before `dueAt`: notifications are not possible for this account. */
export async function postponeSubscription(db: Queryable, accountId: string, dueAt: Date): Promise<void> {
  await db
    .insertInto('subscriptions')
    .values({ accountId, dueAt })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ dueAt }))
    .execute();
}

/** There is no subscription any more; a new one is due at once. */
export async function forgetSubscription(db: Queryable, accountId: string): Promise<void> {
  await db
    .updateTable('subscriptions')
    .set({ graphId: null, expiresAt: null, dueAt: sql`now()` })
    .where('accountId', '=', accountId)
    .execute();
}

/** What Microsoft tells about the life of a subscription. */
export const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
export type LifecycleEvent = (typeof lifecycleEvents)[number];

/**
 * Microsoft told about the life of a subscription: it is to be looked after at once; one that is gone is forgotten. False
 * when it is none of the account's: an older one that outlived its account's memory.
 */
export async function noteLifecycleEvent(
  db: Queryable,
  accountId: string,
  graphId: string,
  event: LifecycleEvent,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('subscriptions')
    .set({
      notifiedAt: sql`now()`,
      ...(event === 'missed' ? {} : { dueAt: sql<Date>`now()` }),
      ...(event === 'subscriptionRemoved' ? { graphId: null, expiresAt: null } : {}),
    })
    .where('accountId', '=', accountId)
    .where('graphId', '=', graphId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
