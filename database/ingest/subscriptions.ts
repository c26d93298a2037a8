import { sql } from 'kysely';
import type { SignInState } from '../../domain/account-state.ts';
import type { Failure } from '../../domain/failure.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';

/** The account's subscription. */
export interface SubscriptionFacts {
  readonly signIn: SignInState;
  readonly signInNumber: number;
  readonly enabled: boolean;
  readonly removed: boolean;
  readonly isShared: boolean;
  /** The mailbox's address, where the application's own rights are used. */
  readonly applicationAddress: string | undefined;
  /** Microsoft's id; undefined: there is none. */
  readonly graphId: string | undefined;
  readonly dueAt: Date;
  readonly failures: number;
  /** The address that notifications are sent to. */
  readonly notificationUrl: string | undefined;
  /** Microsoft's latest limit for the life of a subscription, in minutes. */
  readonly ceilingMinutes: number | undefined;
}

/** Microsoft's limit is not trusted for ever: after this, the full life is requested again. */
const CEILING_BELIEVED_DAYS = 30;

/** Undefined when the account does not exist. */
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
      sql<boolean>`sign_in_as is not null and access <> 'application'`.as('isShared'),
      sql<string | null>`case when access = 'application' then address end`.as('applicationAddress'),
      'graphId',
      sql<Date>`coalesce(due_at, now())`.as('dueAt'),
      sql<number>`coalesce(failures, 0)`.as('failures'),
      'notificationUrl',
      sql<number | null>`
        case when subscription_ceiling_at > now() - ${CEILING_BELIEVED_DAYS} * interval '1 day'
        then subscription_ceiling_minutes end`.as('ceilingMinutes'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { graphId, notificationUrl, ceilingMinutes, applicationAddress, ...facts } = row;
  return {
    ...facts,
    applicationAddress: applicationAddress ?? undefined,
    graphId: graphId ?? undefined,
    notificationUrl: notificationUrl ?? undefined,
    ceilingMinutes: ceilingMinutes ?? undefined,
  };
}

/** Which of these subscriptions belong to other accounts. */
export async function findUsedSubscriptions(
  db: Queryable,
  accountId: string,
  graphIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('subscriptions')
    .select('graphId')
    .where('accountId', '<>', accountId)
    .where('graphId', '=', sql<string>`any(${graphIds})`)
    .execute();
  return new Set(rows.map(({ graphId }) => String(graphId)));
}

export interface StoredSubscription {
  readonly id: string;
  readonly notificationUrl: string;
  readonly expiresAt: Date;
  /** When it is to be renewed. */
  readonly dueAt: Date;
  readonly isNew: boolean;
  /** The limit that Microsoft stated in its answer, if any. */
  readonly ceilingMinutes: number | undefined;
}

/**
 * Microsoft created or renewed a subscription. False, and nothing is stored, when the account was disabled or removed
 * since.
 */
export async function storeSubscription(
  db: Database,
  accountId: string,
  { id, notificationUrl, expiresAt, dueAt, isNew, ceilingMinutes }: StoredSubscription,
): Promise<boolean> {
  const values = {
    graphId: id,
    notificationUrl,
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
      await trx
        .updateTable('settings')
        .set({ subscriptionCeilingMinutes: ceilingMinutes, subscriptionCeilingAt: sql<Date>`now()` })
        .execute();
    }
    return true;
  });
}

/**
 * The subscription could not be created or renewed; the next try is at `dueAt`. Recorded as an event if it had worked
 * before.
 */
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

/** Leaves subscriptions alone until `dueAt`: notifications are not possible for this account. */
export async function postponeSubscription(db: Queryable, accountId: string, dueAt: Date): Promise<void> {
  await db
    .insertInto('subscriptions')
    .values({ accountId, dueAt })
    .onConflict((conflict) => conflict.column('accountId').doUpdateSet({ dueAt }))
    .execute();
}

/** The subscription is gone; a new one is due at once. */
export async function forgetSubscription(db: Queryable, accountId: string): Promise<void> {
  await db
    .updateTable('subscriptions')
    .set({ graphId: null, expiresAt: null, dueAt: sql`now()` })
    .where('accountId', '=', accountId)
    .execute();
}

/**
 * Subscriptions for another notification URL than the current one (undefined: none) are useless: their mailboxes are
 * polled, starting at once, until their workflows have created new ones.
 */
export async function supersedeSubscriptions(
  db: Queryable,
  notificationUrl: string | undefined,
  pollMs: number,
): Promise<void> {
  const superseded = await db
    .updateTable('subscriptions')
    .set({ expiresAt: sql`now()`, dueAt: sql`least(due_at, now())` })
    .where('graphId', 'is not', null)
    .where('expiresAt', '>', sql<Date>`now()`)
    .where('notificationUrl', 'is distinct from', notificationUrl ?? null)
    .returning('accountId')
    .execute();
  if (superseded.length === 0) return;
  await db
    .updateTable('watches')
    .set({ dueAt: sql`least(due_at, now() + random() * ${pollMs} * interval '1 millisecond')` })
    .where('accountId', '=', sql<string>`any(${superseded.map(({ accountId }) => accountId)}::uuid[])`)
    .where('state', '=', 'polling')
    .execute();
}

/**
 * Microsoft should send notifications of this mailbox, and has sent none since it was last current. For statements with
 * `subscriptions` and `watches`.
 */
export const isWithoutNotification = sql<boolean>`(
  subscriptions.graph_id is not null and subscriptions.due_at > now()
    and subscriptions.created_at < watches.current_at
    and coalesce(watches.rung_at, '-infinity') < watches.current_at
)`;

/**
 * Mail was found in these mailboxes. Where Microsoft should have sent a notification since the previous poll but did
 * not, the subscription may have silently vanished: its upkeep becomes due at once.
 */
export async function doubtSilentSubscriptions(db: Queryable, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length === 0) return;
  await sql`
    update subscriptions set due_at = now() from watches
    where subscriptions.account_id = any(${accountIds}::uuid[]) and watches.account_id = subscriptions.account_id
      and ${isWithoutNotification}
  `.execute(db);
}

/** Disabled accounts that still have a subscription after a minute: Microsoft could not be reached to delete it. */
export async function listLeftOverSubscriptions(db: Queryable, limit: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('subscriptions')
    .innerJoin('accounts', 'accounts.id', 'subscriptions.accountId')
    .select('accountId')
    .where('graphId', 'is not', null)
    .where('expiresAt', '>', sql<Date>`now()`)
    .where('enabled', '=', false)
    .where('signIn', '=', 'done')
    .where('removedAt', 'is', null)
    .where('pausedAt', '<', sql<Date>`now() - interval '1 minute'`)
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
  return rows.map(({ accountId }) => accountId);
}

/** Microsoft's lifecycle events of a subscription. */
export const lifecycleEvents = ['reauthorizationRequired', 'subscriptionRemoved', 'missed'] as const;
export type LifecycleEvent = (typeof lifecycleEvents)[number];

/**
 * A lifecycle event arrived: the subscription's upkeep becomes due at once; a removed one is forgotten. False when the
 * subscription is not the account's current one, but an older one that was never deleted.
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
