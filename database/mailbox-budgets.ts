import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/**
 * Who reads a mailbox at the moment, and how many requests it may still send. Microsoft allows 10,000 requests in ten
 * minutes for each app and mailbox (learn.microsoft.com/graph/throttling-limits, "Outlook service limits"): a bucket of
 * 4,000 that refills by 9 a second gives at most 9,400, and leaves the rest to looks and commands, which nobody counts.
 */
export const BUDGET_TOKENS = 4_000;
export const BUDGET_TOKENS_PER_SECOND = 9;

/** Requests that are paid in advance: a worker that dies takes what it did not send with it. */
export const REQUESTS_PAID_AT_ONCE = 200;

export interface TakenMailbox {
  /** Requests that are paid: so many may be sent. */
  readonly paid: number;
  /** The database's time at which the hold began. */
  readonly startedAt: Date;
  /** Undefined: the mailbox is that of who signed in. */
  readonly sharedAddress: string | undefined;
  readonly signInNumber: number;
}

export type MailboxHold =
  | ({ readonly held: true } & TakenMailbox)
  /** Another drain has the mailbox; it ends, or is given up, after so many milliseconds. */
  | { readonly held: false; readonly freeInMs: number };

/** What is in the bucket now, of a row as `row` names it. A row that was not there yet has none: then it is full. */
const refilled = (row: 'mailbox_budgets' | 'old') => sql<number>`least(
  ${BUDGET_TOKENS}::float8,
  ${sql.ref(row)}.tokens + ${BUDGET_TOKENS_PER_SECOND}::float8 * extract(epoch from now() - ${sql.ref(row)}.refilled_at)
)`;

/** How many of so many requests the bucket pays for. */
const payable = (row: 'mailbox_budgets' | 'old', requests: number) =>
  sql<number>`floor(greatest(0, least(${refilled(row)}, ${requests}::float8)))::integer`;

/** Takes a mailbox for one drain, and lets nobody begin to look at it meanwhile. `holder` names the attempt. */
export async function holdMailbox(
  db: Queryable,
  accountId: string,
  { holder, leaseMs }: { holder: string; leaseMs: number },
): Promise<MailboxHold> {
  const { rows } = await sql<Omit<TakenMailbox, 'sharedAddress'> & { sharedAddress: string | null }>`
    with taken as (
      insert into mailbox_budgets (account_id, holder, held_until, tokens)
      values (
        ${accountId}, ${holder}, now() + ${leaseMs} * interval '1 millisecond',
        ${BUDGET_TOKENS - REQUESTS_PAID_AT_ONCE}
      )
      on conflict (account_id) do update set
        holder = excluded.holder, held_until = excluded.held_until,
        tokens = ${refilled('mailbox_budgets')} - ${payable('mailbox_budgets', REQUESTS_PAID_AT_ONCE)},
        refilled_at = now()
      where mailbox_budgets.holder is null or mailbox_budgets.held_until <= now()
      returning ${payable('old', REQUESTS_PAID_AT_ONCE)} as paid
    ), unwatched as (
      update watches set due_at = 'infinity' where account_id = ${accountId} and exists (select from taken)
    )
    select
      paid, now() as started_at, sign_in_number, case when sign_in_as is not null then address end as shared_address
    from taken join accounts on accounts.id = ${accountId}
  `.execute(db);
  const taken = rows[0];
  if (taken) return { held: true, ...taken, sharedAddress: taken.sharedAddress ?? undefined };
  const { freeInMs } = await db
    .selectFrom('mailboxBudgets')
    .where('accountId', '=', accountId)
    .select(sql<number>`greatest(0, extract(epoch from held_until - now()) * 1000)::integer`.as('freeInMs'))
    .executeTakeFirstOrThrow();
  return { held: false, freeInMs };
}

/**
 * Keeps the mailbox, and pays for more requests, if there are as many; returns how many. Undefined when the hold ended
 * and somebody else has the mailbox.
 */
export async function renewHold(
  db: Queryable,
  accountId: string,
  { holder, leaseMs, requests }: { holder: string; leaseMs: number; requests: number },
): Promise<number | undefined> {
  const { rows } = await sql<{ paid: number }>`
    update mailbox_budgets set
      tokens = ${refilled('mailbox_budgets')} - ${payable('mailbox_budgets', requests)}, refilled_at = now(),
      held_until = now() + ${leaseMs} * interval '1 millisecond'
    where account_id = ${accountId} and holder = ${holder}
    returning ${payable('old', requests)} as paid
  `.execute(db);
  return rows[0]?.paid;
}

/**
 * Lets go of the mailbox. `unspent` requests were paid and not sent; when it is negative, more were sent than paid, as
 * repeats are: the bucket goes into debt.
 */
export async function releaseMailbox(
  db: Queryable,
  accountId: string,
  { holder, unspent }: { holder: string; unspent: number },
): Promise<void> {
  await sql`
    update mailbox_budgets set
      tokens = least(${BUDGET_TOKENS}::float8, ${refilled('mailbox_budgets')} + ${unspent}::float8), refilled_at = now(),
      holder = null, held_until = '-infinity'
    where account_id = ${accountId} and holder = ${holder}
  `.execute(db);
}
