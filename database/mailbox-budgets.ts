import { sql } from 'kysely';
import type { Queryable } from './database.ts';

/**
 * Who reads a mailbox at the moment, and how many requests it may still send. Microsoft allows 10,000 requests in ten
 * minutes for each app and mailbox (learn.microsoft.com/graph/throttling-limits, "Outlook service limits"): a bucket of
 * 4,000 that refills by 9 a second gives at most 9,400, and leaves the rest to looks and commands, which nobody counts.
 */
export const BUDGET_TOKENS = 4_000;
export const BUDGET_TOKENS_PER_SECOND = 9;

export interface HeldMailbox {
  /** Requests that may be sent at once. */
  readonly tokens: number;
  /** The database's time at which the hold began or was renewed. */
  readonly at: Date;
}

export interface TakenMailbox extends HeldMailbox {
  /** Undefined: the mailbox is that of who signed in. */
  readonly sharedAddress: string | undefined;
}

export type MailboxHold =
  | ({ readonly held: true } & TakenMailbox)
  /** Another drain has the mailbox; it ends, or is given up, after so many milliseconds. */
  | { readonly held: false; readonly freeInMs: number };

const refilled = sql<number>`least(
  ${BUDGET_TOKENS}::float8,
  mailbox_budgets.tokens
    + ${BUDGET_TOKENS_PER_SECOND}::float8 * extract(epoch from now() - mailbox_budgets.refilled_at)
)`;

/** Takes a mailbox for one drain, and lets nobody look at it meanwhile. `holder` names the attempt. */
export async function holdMailbox(
  db: Queryable,
  accountId: string,
  { holder, leaseMs }: { holder: string; leaseMs: number },
): Promise<MailboxHold> {
  const { rows } = await sql<HeldMailbox & { sharedAddress: string | null }>`
    with taken as (
      insert into mailbox_budgets (account_id, holder, held_until, tokens)
      values (${accountId}, ${holder}, now() + ${leaseMs} * interval '1 millisecond', ${BUDGET_TOKENS})
      on conflict (account_id) do update set
        holder = excluded.holder, held_until = excluded.held_until, tokens = ${refilled}, refilled_at = now()
      where mailbox_budgets.holder is null or mailbox_budgets.held_until <= now()
      returning tokens, now() as at
    ), unwatched as (
      update watches set due_at = 'infinity' where account_id = ${accountId} and exists (select from taken)
    )
    select tokens, at, case when sign_in_as is not null then address end as shared_address
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

/** Pays for requests that were sent and keeps the mailbox. Undefined when the hold ended and somebody else has it. */
export async function renewHold(
  db: Queryable,
  accountId: string,
  { holder, leaseMs, requests }: { holder: string; leaseMs: number; requests: number },
): Promise<HeldMailbox | undefined> {
  const { rows } = await sql<HeldMailbox>`
    update mailbox_budgets set
      tokens = greatest(0, ${refilled} - ${requests}), refilled_at = now(),
      held_until = now() + ${leaseMs} * interval '1 millisecond'
    where account_id = ${accountId} and holder = ${holder}
    returning tokens, now() as at
  `.execute(db);
  return rows[0];
}

/** Pays for the last requests and lets go of the mailbox. */
export async function releaseMailbox(
  db: Queryable,
  accountId: string,
  { holder, requests }: { holder: string; requests: number },
): Promise<void> {
  await sql`
    update mailbox_budgets set
      tokens = greatest(0, ${refilled} - ${requests}), refilled_at = now(), holder = null, held_until = '-infinity'
    where account_id = ${accountId} and holder = ${holder}
  `.execute(db);
}
