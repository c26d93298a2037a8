import { sql } from 'kysely';
import { type AccountPlace, type MailboxPlace, mailboxPlace } from '../../domain/account-access.ts';
import type { Queryable } from '../database.ts';
import { afterEvent } from './watches.ts';

/**
 * Leases of mailboxes, and how many requests each may still send. Microsoft allows 10,000 requests in ten minutes for
 * each app and mailbox (learn.microsoft.com/graph/throttling-limits, "Outlook service limits"): the rest is for polls,
 * which are counted in memory (`ingest/access/request-allowance.ts`), and for commands.
 */
export const REQUESTS_IN_TEN_MINUTES = 9_300;

/** Requests paid in advance: a worker that dies takes its unsent ones with it. */
export const REQUESTS_PAID_AT_ONCE = 200;

export interface TakenMailbox {
  /** Requests that are paid for and may be sent. */
  readonly paid: number;
  /** The start of the lease, by the database's clock. */
  readonly startedAt: Date;
  readonly place: MailboxPlace;
  readonly signInNumber: number;
}

export type MailboxHold =
  | ({ readonly held: true } & TakenMailbox)
  /** Another drain holds the lease; it ends or expires after so many milliseconds. */
  | { readonly held: false; readonly freeInMs: number };

const thisMinute = sql<number>`floor(extract(epoch from now()) / 60)::bigint`;

/** Requests of the last eleven minutes, of the row named `row`. A new row has sent none. */
const lately = (row: 'mailbox_budgets' | 'old') =>
  sql`requests_by_minute(coalesce(${sql.ref(row)}.requests, '{}'), coalesce(${sql.ref(row)}.minute, 0), ${thisMinute})`;

/** How many of these requests the budget can pay for. */
const payable = (row: 'mailbox_budgets' | 'old', requests: number) =>
  sql<number>`greatest(0, least(${REQUESTS_IN_TEN_MINUTES} - sum_of(${lately(row)}), ${requests}))::integer`;

/** The requests by minute after paying for more; fewer when `more` is negative. */
const withMore = (more: unknown) =>
  sql`((${lately('mailbox_budgets')})[1] + ${more}) || (${lately('mailbox_budgets')})[2:11]`;

/** Milliseconds until the oldest counted requests leave the ten minutes. */
const nextInMs = sql<number>`1000 * (
  60 * (${thisMinute} + 12 - (
    select coalesce(max(ago), 11) from unnest(${lately('old')}) with ordinality minutes (sent, ago) where sent > 0
  )) - extract(epoch from now())
)::float8`;

/**
 * Leases a mailbox to one drain of its workflow. `holder`: the attempt. From now on the reader does not start a poll of
 * it, even when the lease is still taken.
 */
export async function holdMailbox(
  db: Queryable,
  accountId: string,
  { holder, leaseMs }: { holder: string; leaseMs: number },
): Promise<MailboxHold> {
  const { rows } = await sql<Omit<TakenMailbox, 'place'> & AccountPlace>`
    with taken as (
      insert into mailbox_budgets (account_id, holder, held_until, requests, minute)
      values (
        ${accountId}, ${holder}, now() + ${leaseMs} * interval '1 millisecond',
        array[${REQUESTS_PAID_AT_ONCE}::integer], ${thisMinute}
      )
      on conflict (account_id) do update set
        holder = excluded.holder, held_until = excluded.held_until,
        requests = ${withMore(payable('mailbox_budgets', REQUESTS_PAID_AT_ONCE))}, minute = excluded.minute
      where mailbox_budgets.holder is null or mailbox_budgets.held_until <= now()
      returning ${payable('old', REQUESTS_PAID_AT_ONCE)} as paid
    ), unwatched as (
      update watches set ${afterEvent('drain-began')} where account_id = ${accountId}
    )
    select
      paid, now() as started_at, sign_in_number, address, sign_in_as, access
    from taken join accounts on accounts.id = ${accountId}
  `.execute(db);
  const [taken] = rows;
  if (taken) {
    const { paid, startedAt, signInNumber, ...account } = taken;
    return { held: true, paid, startedAt, signInNumber, place: mailboxPlace(account) };
  }
  const { freeInMs } = await db
    .selectFrom('mailboxBudgets')
    .where('accountId', '=', accountId)
    .select(sql<number>`greatest(0, extract(epoch from held_until - now()) * 1000)::integer`.as('freeInMs'))
    .executeTakeFirstOrThrow();
  return { held: false, freeInMs };
}

/** The requests paid for and, if they are fewer than asked for, when more are available. */
export interface Paid {
  readonly paid: number;
  readonly nextInMs: number;
}

/**
 * Extends the lease, and pays for more requests, as far as the budget goes. Undefined when the lease has expired and
 * another drain has taken it.
 */
export async function renewHold(
  db: Queryable,
  accountId: string,
  { holder, leaseMs, requests }: { holder: string; leaseMs: number; requests: number },
): Promise<Paid | undefined> {
  const { rows } = await sql<Paid>`
    update mailbox_budgets set
      requests = ${withMore(payable('mailbox_budgets', requests))}, minute = ${thisMinute},
      held_until = now() + ${leaseMs} * interval '1 millisecond'
    where account_id = ${accountId} and holder = ${holder}
    returning ${payable('old', requests)} as paid, ${nextInMs} as next_in_ms
  `.execute(db);
  return rows[0];
}

/**
 * Pays for requests of polls, which hold no lease, beyond those that a poll may send unpaid. Pays for as many as the
 * budget covers.
 */
export async function payRequests(db: Queryable, accountId: string, requests: number): Promise<Paid> {
  const { rows } = await sql<Paid>`
    insert into mailbox_budgets (account_id, requests, minute)
    values (${accountId}, array[${requests}::integer], ${thisMinute})
    on conflict (account_id) do update set
      requests = ${withMore(payable('mailbox_budgets', requests))}, minute = excluded.minute
    returning ${payable('old', requests)} as paid, ${nextInMs} as next_in_ms
  `.execute(db);
  return rows[0] as Paid;
}

/**
 * Releases the lease. `unspent`: requests paid and not sent; negative when more were sent than paid, as with repeats.
 */
export async function releaseMailbox(
  db: Queryable,
  accountId: string,
  { holder, unspent }: { holder: string; unspent: number },
): Promise<void> {
  await sql`
    update mailbox_budgets set
      requests = ${withMore(sql`greatest(-(${lately('mailbox_budgets')})[1], ${-unspent}::integer)`)},
      minute = ${thisMinute}, holder = null, held_until = '-infinity'
    where account_id = ${accountId} and holder = ${holder}
  `.execute(db);
}
