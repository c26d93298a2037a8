import { sql } from 'kysely';
import type { SignInState } from '../domain/account-state.ts';
import type { Queryable } from './database.ts';

/** An account as lists show it. The state follows from `signIn`, `enabled` and `removed`. */
export interface AccountView {
  readonly id: string;
  readonly address: string;
  /** Who signs in for it, where the mailbox is shared. */
  readonly signInAs: string | null;
  readonly signIn: SignInState;
  readonly signInReason: string | null;
  readonly signInSince: Date;
  readonly enabled: boolean;
  readonly pausedAt: Date | null;
  /** Somebody asked to remove it, a moment ago. */
  readonly removing: boolean;
  readonly identityUsername: string | null;
  readonly identityName: string | null;
  readonly authenticatedAt: Date | null;
  readonly conditionType: string | null;
  readonly conditionReason: string | null;
  readonly conditionCode: string | null;
  readonly conditionSince: Date | null;
  readonly conditionUntil: Date | null;
  readonly currentAt: Date | null;
  readonly restsWhenQuiet: boolean;
  /** Microsoft notifies us of new mail. */
  readonly hasSubscription: boolean;
  readonly notifiedAt: Date | null;
  readonly subscriptionFailure: string | null;
  readonly captureFrom: Date | null;
  /** When mailbox and ledger were last compared, and what was found. */
  readonly comparedAt: Date | null;
  readonly inMailbox: number | null;
  readonly inLedger: number | null;
  readonly backfillDays: number;
  readonly defaultQueueId: string;
  readonly defaultQueueName: string;
  readonly createdAt: Date;
  /** Items of the account that can be claimed. */
  readonly waitingItems: number;
  /** Items since midnight, UTC. */
  readonly capturedToday: number;
  /** Messages that could not be captured. */
  readonly quarantined: number;
}

export const accountOrders = ['address', 'status', 'added', 'current', 'waiting'] as const;
export type AccountOrder = (typeof accountOrders)[number];

export interface AccountQuery {
  /** Part of the address, or of the address of who signs in for a shared mailbox; any case. */
  readonly search: string | undefined;
  readonly sort: AccountOrder;
  readonly descending: boolean;
  readonly limit: number;
  readonly offset: number;
}

/**
 * One page of the accounts that are not removed, and how many there are on all pages. First which accounts the page has,
 * then what is shown of them: their items are counted for one page, not for all that are passed over.
 */
export async function listAccounts(
  db: Queryable,
  { search, sort, descending, limit, offset }: AccountQuery,
): Promise<{ readonly accounts: readonly AccountView[]; readonly total: number }> {
  // position() instead of LIKE: no character of what somebody searches has a meaning.
  const sought = search?.toLowerCase() ?? '';
  const found = sql<boolean>`
    (position(${sought} in accounts.address) > 0 or position(${sought} in accounts.sign_in_as) > 0)`;
  const direction = descending ? 'desc' : 'asc';
  const page = await db
    .selectFrom('accounts')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .$if(sort === 'waiting', (query) => query.leftJoin(countWaiting(db).as('open'), 'open.accountId', 'accounts.id'))
    .where('accounts.removedAt', 'is', null)
    .where(found)
    .select('accounts.id')
    .orderBy(orderColumns[sort], (order) => (descending ? order.desc() : order.asc()).nullsLast())
    .orderBy('accounts.id', direction)
    .limit(limit)
    .offset(offset)
    .execute();
  const position = new Map(page.map(({ id }, index) => [id, index]));
  const accounts = await selectAccounts(db)
    .where('accounts.id', '=', sql<string>`any(${[...position.keys()]}::uuid[])`)
    .execute();
  const { total } = await db
    .selectFrom('accounts')
    .where('removedAt', 'is', null)
    .where(found)
    .select((select) => select.fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  return { accounts: accounts.toSorted((a, b) => (position.get(a.id) ?? 0) - (position.get(b.id) ?? 0)), total };
}

/** An item that can be claimed. */
const isWaiting = sql<boolean>`
  (items.state <> 'completed' and (items.state = 'waiting' or items.lease_expires_at <= now()))`;

/** For all accounts in one go: asking for each by itself takes ten times as long. */
function countWaiting(db: Queryable) {
  return db
    .selectFrom('items')
    .where(isWaiting)
    .groupBy('accountId')
    .select(['accountId', sql<number>`count(*)`.as('count')]);
}

/** What needs a person comes first, then what waits by itself; what is paused on purpose comes last. */
const urgency = sql<number>`case
  when accounts.sign_in in ('needed', 'expired') then 1
  when accounts.sign_in = 'awaiting' then 2
  when not accounts.enabled then 5
  when accounts.condition_type is not null then 3
  else 4 end`;

const orderColumns = {
  address: sql`accounts.address`,
  status: urgency,
  added: sql`accounts.created_at`,
  current: sql`watches.current_at`,
  waiting: sql`coalesce(open.count, 0)`,
} as const satisfies Record<AccountOrder, unknown>;

/** An account that is not removed. */
export async function findAccount(db: Queryable, id: string): Promise<AccountView | undefined> {
  return await selectAccounts(db)
    .where('accounts.id', '=', id)
    .where('accounts.removedAt', 'is', null)
    .executeTakeFirst();
}

/** A removal that takes longer has failed, or was cut off with the process that asked for it. */
const REMOVAL_TAKES_SECONDS = 30;
const isBeingRemoved = sql<boolean>`coalesce(
  removing_since > now() - ${REMOVAL_TAKES_SECONDS} * interval '1 second', false
)`;
const isFull = sql<boolean>`full_mailboxes.account_id is not null`;

function selectAccounts(db: Queryable) {
  return db
    .selectFrom('accounts')
    .innerJoin('queues', 'queues.id', 'accounts.defaultQueueId')
    .leftJoin('watches', 'watches.accountId', 'accounts.id')
    .leftJoin('subscriptions', 'subscriptions.accountId', 'accounts.id')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .leftJoin('fullMailboxes', 'fullMailboxes.accountId', 'accounts.id')
    .select([
      'accounts.id',
      'accounts.address',
      'accounts.signInAs',
      'accounts.signIn',
      'accounts.signInReason',
      'accounts.signInSince',
      'accounts.enabled',
      'accounts.pausedAt',
      isBeingRemoved.as('removing'),
      'accounts.identityUsername',
      'accounts.identityName',
      'accounts.authenticatedAt',
      // What hinders the account at the moment comes before a full mailbox, which hinders it for days.
      sql<string | null>`coalesce(condition_type, case when ${isFull} then 'CursorExpired' end)`.as('conditionType'),
      sql<
        string | null
      >`case when condition_type is null and ${isFull} then 'quota-exceeded' else condition_reason end`.as(
        'conditionReason',
      ),
      'accounts.conditionCode',
      sql<Date | null>`coalesce(condition_since, full_mailboxes.since)`.as('conditionSince'),
      'accounts.conditionUntil',
      'watches.currentAt',
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
      'accounts.backfillDays',
      'accounts.defaultQueueId',
      'queues.name as defaultQueueName',
      'accounts.createdAt',
      sql<number>`(select count(*) from items where items.account_id = accounts.id and ${isWaiting})`.as(
        'waitingItems',
      ),
      sql<number>`(
        select count(*) from items where items.account_id = accounts.id
        and items.queued_at >= date_trunc('day', now(), 'UTC')
      )`.as('capturedToday'),
      sql<number>`(
        select count(*) from quarantine where quarantine.account_id = accounts.id and quarantine.state <> 'resolved'
      )`.as('quarantined'),
    ]);
}

/** What commands to the account's workflow need. Also of an account that was removed. */
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

/** The account that is connected for an address in lower case. */
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
  readonly outcome: string;
  readonly reason: string | null;
}

/** Drains that did something, newest first. `before` is the id of one: only older ones. */
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
