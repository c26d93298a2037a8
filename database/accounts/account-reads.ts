import { sql } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { SignInState } from '../../domain/account-state.ts';
import type { DeltaTrouble } from '../../domain/delta-trouble.ts';
import type { DrainOutcome } from '../../domain/drain-outcome.ts';
import { foldAddress } from '../../domain/fold-address.ts';
import type { Reading } from '../../domain/reading.ts';
import type { Queryable } from '../database.ts';
import { isListed } from '../ingest/listed-mailboxes.ts';
import { isLate, lateForSeconds, reading } from '../ingest/reading.ts';
import { isWaiting } from '../queues/item-state.ts';

/** An account as lists show it. The state follows from `signIn`, `enabled` and `removed`. */
export interface AccountView {
  readonly id: string;
  readonly address: string;
  /** Who signs in to a shared mailbox. */
  readonly signInAs: string | null;
  /** Whose rights it is read with. */
  readonly access: AccountAccess;
  readonly signIn: SignInState;
  readonly signInReason: string | null;
  readonly signInCode: string | null;
  readonly signInStatus: number | null;
  readonly signInRequestId: string | null;
  readonly signInSince: Date;
  readonly enabled: boolean;
  readonly pausedAt: Date | null;
  /** A removal was requested a moment ago. */
  readonly removing: boolean;
  readonly identityUsername: string | null;
  readonly identityName: string | null;
  readonly authenticatedAt: Date | null;
  readonly conditionType: string | null;
  readonly conditionReason: string | null;
  readonly conditionCode: string | null;
  readonly conditionStatus: number | null;
  readonly conditionRequestId: string | null;
  readonly conditionSince: Date | null;
  readonly conditionUntil: Date | null;
  readonly currentAt: Date | null;
  readonly reading: Reading;
  /** For a late mailbox: seconds since it was last proved current, or since the sign-in. */
  readonly lateForSeconds: number | null;
  /** Why lists of the inbox replace delta; null: they do not. */
  readonly deltaTrouble: DeltaTrouble | null;
  readonly restsWhenQuiet: boolean;
  /** Microsoft sends notifications of new mail. */
  readonly hasSubscription: boolean;
  readonly notifiedAt: Date | null;
  readonly subscriptionFailure: string | null;
  readonly captureFrom: Date | null;
  /** The last reconciliation and its result. */
  readonly comparedAt: Date | null;
  readonly inMailbox: number | null;
  readonly inLedger: number | null;
  /** Another account that reads the same mailbox under another of its addresses. */
  readonly sameMailbox: { readonly id: string; readonly address: string } | null;
  readonly backfillDays: number;
  /** Null: mail that no rule matches goes into no queue. */
  readonly defaultQueueId: string | null;
  readonly defaultQueueName: string | null;
  readonly createdAt: Date;
  /** Items of the account that can be claimed. */
  readonly waitingItems: number;
  /** Items of the account that are in no queue. */
  readonly unqueuedItems: number;
  /** Items since midnight, UTC. */
  readonly capturedToday: number;
  /** Messages that could not be captured. */
  readonly quarantined: number;
}

export const accountOrders = ['address', 'status', 'added', 'current', 'waiting'] as const;
export type AccountOrder = (typeof accountOrders)[number];

export interface AccountQuery {
  /** Part of the account's address, or of the address of who signs in to a shared mailbox; not case-sensitive. */
  readonly search: string | undefined;
  readonly sort: AccountOrder;
  readonly descending: boolean;
  readonly limit: number;
  readonly offset: number;
}

/** One page of the accounts that are not removed, and the total number. */
export async function listAccounts(
  db: Queryable,
  { search, sort, descending, limit, offset }: AccountQuery,
): Promise<{ readonly accounts: readonly AccountView[]; readonly total: number }> {
  // position() instead of LIKE: no character of the search text is a wildcard.
  const sought = foldAddress(search ?? '');
  const found = sql<boolean>`
    (position(${sought} in accounts.address) > 0 or position(${sought} in accounts.sign_in_as) > 0)`;
  const direction = descending ? 'desc' : 'asc';
  const matching = db.selectFrom('accounts').where('removedAt', 'is', null).where(found);
  // Selects the page's accounts first, so that the counts are not computed for accounts on earlier pages.
  const [page, { total }] = await Promise.all([
    // PostgreSQL skips joins that the order does not need: they are by unique columns.
    matching
      .leftJoin('watches', 'watches.accountId', 'accounts.id')
      .leftJoin(
        (items) =>
          items
            .selectFrom('items')
            .where('state', '<>', 'completed')
            .where(isWaiting)
            .groupBy('items.accountId')
            .select(['items.accountId', sql<number>`count(*)`.as('waiting')])
            .as('open'),
        (join) => join.onRef('open.accountId', '=', 'accounts.id'),
      )
      .select('accounts.id')
      .orderBy(orderColumns[sort], (order) => (descending ? order.desc() : order.asc()).nullsLast())
      .orderBy('accounts.id', direction)
      .limit(limit)
      .offset(offset)
      .execute(),
    matching.select((select) => select.fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  const places = new Map(page.map(({ id }, place) => [id, place]));
  const accounts = await selectAccounts(db)
    .where('accounts.id', '=', sql<string>`any(${[...places.keys()]}::uuid[])`)
    .execute();
  return { accounts: accounts.toSorted((one, other) => placeOf(one) - placeOf(other)), total };

  function placeOf({ id }: AccountView): number {
    return places.get(id) ?? 0;
  }
}

/** Accounts that need a person come first, then those that recover without one; disabled ones come last. */
const urgency = sql<number>`case
  when accounts.sign_in in ('needed', 'expired') then 1
  when accounts.sign_in = 'awaiting' then 2
  when not accounts.enabled then 5
  when accounts.condition_type is not null or ${isLate} then 3
  else 4 end`;

const orderColumns = {
  address: sql`accounts.address`,
  status: urgency,
  added: sql`accounts.created_at`,
  current: sql`watches.current_at`,
  waiting: sql`coalesce(open.waiting, 0)`,
} as const satisfies Record<AccountOrder, unknown>;

/** An account that is not removed. */
export async function findAccount(db: Queryable, id: string): Promise<AccountView | undefined> {
  return await selectAccounts(db)
    .where('accounts.id', '=', id)
    .where('accounts.removedAt', 'is', null)
    .executeTakeFirst();
}

/** A removal that takes longer has failed, or was cut off with the process that requested it. */
const REMOVAL_TAKES_SECONDS = 30;
const isBeingRemoved = sql<boolean>`coalesce(
  removing_since > now() - ${REMOVAL_TAKES_SECONDS} * interval '1 second', false
)`;

/** A cloud without delta is no condition of the account. */
const isHinderedByDelta = sql<boolean>`(${isListed} and full_mailboxes.reason <> 'delta-not-offered')`;

function selectAccounts(db: Queryable) {
  return db
    .selectFrom('accounts')
    .leftJoin('queues', 'queues.id', 'accounts.defaultQueueId')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .leftJoin('subscriptions', 'subscriptions.accountId', 'accounts.id')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .leftJoin('fullMailboxes', 'fullMailboxes.accountId', 'accounts.id')
    .innerJoinLateral(
      (from) =>
        from
          .selectFrom('items')
          .whereRef('items.accountId', '=', 'accounts.id')
          .where('items.state', '<>', 'completed')
          .select(({ fn }) => [
            fn.countAll<number>().filterWhere(isWaiting).as('waiting'),
            fn.countAll<number>().filterWhere('items.state', '=', 'unqueued').as('unqueued'),
          ])
          .as('open'),
      (join) => join.onTrue(),
    )
    .select([
      'accounts.id',
      'accounts.address',
      'accounts.signInAs',
      'accounts.access',
      'accounts.signIn',
      'accounts.signInReason',
      'accounts.signInCode',
      'accounts.signInStatus',
      'accounts.signInRequestId',
      'accounts.signInSince',
      'accounts.enabled',
      'accounts.pausedAt',
      isBeingRemoved.as('removing'),
      'accounts.identityUsername',
      'accounts.identityName',
      'accounts.authenticatedAt',
      // The current condition takes precedence over trouble with delta, which may last for days.
      sql<string | null>`coalesce(condition_type, case when ${isHinderedByDelta} then 'CursorExpired' end)`.as(
        'conditionType',
      ),
      sql<string | null>`case when condition_type is null and ${isHinderedByDelta} then full_mailboxes.reason
        else condition_reason end`.as('conditionReason'),
      sql<string | null>`case when condition_type is null and ${isHinderedByDelta} then full_mailboxes.code
        else condition_code end`.as('conditionCode'),
      sql<Date | null>`coalesce(condition_since, case when ${isHinderedByDelta} then full_mailboxes.since end)`.as(
        'conditionSince',
      ),
      'accounts.conditionStatus',
      'accounts.conditionRequestId',
      'accounts.conditionUntil',
      'watches.currentAt',
      reading.as('reading'),
      lateForSeconds.as('lateForSeconds'),
      sql<DeltaTrouble | null>`case when ${isListed} then full_mailboxes.reason end`.as('deltaTrouble'),
      'accounts.restsWhenQuiet',
      sql<boolean>`coalesce(subscriptions.graph_id is not null and subscriptions.expires_at > now(), false)`.as(
        'hasSubscription',
      ),
      'watches.rungAt as notifiedAt',
      'subscriptions.failureReason as subscriptionFailure',
      'accounts.captureFrom',
      'reconciliations.finishedAt as comparedAt',
      'reconciliations.inMailbox',
      'reconciliations.inLedger',
      sql<AccountView['sameMailbox']>`(
        select json_build_object('id', other.id, 'address', other.address) from accounts other
        where other.inbox_id = accounts.inbox_id and other.id <> accounts.id and other.removed_at is null limit 1
      )`.as('sameMailbox'),
      'accounts.backfillDays',
      'accounts.defaultQueueId',
      'queues.name as defaultQueueName',
      'accounts.createdAt',
      'open.waiting as waitingItems',
      'open.unqueued as unqueuedItems',
      sql<number>`(
        select count(*) from items where items.account_id = accounts.id
        and items.queued_at >= date_trunc('day', now(), 'UTC')
      )`.as('capturedToday'),
      sql<number>`(
        select count(*) from quarantine where quarantine.account_id = accounts.id and quarantine.state <> 'resolved'
      )`.as('quarantined'),
    ]);
}

/** What commands to the account's workflow need. Includes removed accounts. */
export async function findAccountRef(
  db: Queryable,
  id: string,
): Promise<{ readonly id: string; readonly address: string; readonly removed: boolean } | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['id', 'address', 'removedAt'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { id: row.id, address: row.address, removed: row.removedAt !== null };
}

/** The account connected for an address in lower case. */
export async function findAccountByAddress(db: Queryable, address: string): Promise<AccountView | undefined> {
  return await selectAccounts(db)
    .where('accounts.address', '=', address)
    .where('accounts.removedAt', 'is', null)
    .executeTakeFirst();
}

export interface DrainView {
  readonly id: number;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly pages: number;
  readonly captured: number;
  readonly known: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly outcome: DrainOutcome;
  readonly reason: string | null;
}

/** Drains that did something, newest first. `before`: only drains older than this id. */
export async function listDrains(
  db: Queryable,
  accountId: string,
  { limit, before }: { readonly limit: number; readonly before?: number | undefined },
): Promise<readonly DrainView[]> {
  return await db
    .selectFrom('drains')
    .selectAll()
    .where('accountId', '=', accountId)
    .$if(before !== undefined, (query) => query.where('id', '<', before as number))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
