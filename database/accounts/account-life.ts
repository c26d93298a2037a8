import { sql } from 'kysely';
import type { ResumeMode, SignInState } from '../../domain/account-state.ts';
import type { FailureReason, FailureTrace } from '../../domain/failure.ts';
import { SIGN_IN_PROBED_AFTER_MS } from '../../domain/schedule.ts';
import type { Database, Queryable } from '../database.ts';
import { reconciliationDueAt } from '../ingest/reconciliations.ts';
import { inMs, stopPolling } from '../ingest/watches.ts';
import {
  type AccountRemoval,
  type CommandRecord,
  type CommandRef,
  carryOut,
  findRemoval,
  recordRemoval,
} from './account-commands.ts';
import { noCondition } from './account-conditions.ts';
import { recordEvent } from './events.ts';

/** An account, and which of its sign-ins it is read with: they are counted. */
export interface SignInRef {
  readonly accountId: string;
  readonly signInNumber: number;
}

/** Which mailbox the account reads: the id of its inbox; undefined while that was not read. */
export async function findInboxId(db: Queryable, accountId: string): Promise<string | undefined> {
  const row = await db.selectFrom('accounts').select('inboxId').where('id', '=', accountId).executeTakeFirst();
  return row?.inboxId ?? undefined;
}

/** Remembers which mailbox the account reads. */
export async function putInboxId(db: Queryable, accountId: string, inboxId: string): Promise<void> {
  await db.updateTable('accounts').set({ inboxId }).where('id', '=', accountId).execute();
}

/** The part of an account by which the workflow decides. */
export interface AccountFacts {
  readonly signIn: SignInState;
  readonly signInNumber: number;
  readonly enabled: boolean;
  readonly removed: boolean;
  /** The end of the newest attempt to sign in, also of one that was used: a refused one is no reason to hurry. */
  readonly signInExpiresAt: Date | undefined;
  /** Microsoft notifies us of its mail. */
  readonly subscribed: boolean;
  /** When its notifications are to be looked after. */
  readonly subscriptionDueAt: Date;
  /** When mailbox and ledger are to be compared. */
  readonly reconcileDueAt: Date;
}

/** Undefined when there is no such account: then it is to be treated as removed. */
export async function findAccountFacts(db: Queryable, accountId: string): Promise<AccountFacts | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('subscriptions', 'subscriptions.accountId', 'accounts.id')
    .leftJoin('reconciliations', 'reconciliations.accountId', 'accounts.id')
    .where('accounts.id', '=', accountId)
    .select((select) => [
      'signIn',
      'signInNumber',
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
    enabled: row.enabled,
    removed: row.removedAt !== null,
    reconcileDueAt: row.reconcileDueAt,
    signInExpiresAt: row.signInExpiresAt ?? undefined,
    subscribed: row.subscribed,
    subscriptionDueAt: row.subscriptionDueAt,
  };
}

/**
 * A new attempt began: an account that is not connected waits for it, whatever became of the last one. Changes nothing when
 * the attempt was taken back.
 */
export async function openSignIn(
  db: Database,
  accountId: string,
  { actor, signInId, ...command }: CommandRef & { readonly actor: string; readonly signInId: string },
): Promise<CommandRecord> {
  return await carryOut(db, { ...command, accountId, name: 'awaitSignIn' }, async (trx) => {
    const attempt = await trx.selectFrom('signIns').select('id').where('id', '=', signInId).executeTakeFirst();
    if (!attempt) return 'unchanged';
    await trx
      .updateTable('accounts')
      .set({ signIn: 'awaiting', ...acceptedSignIn, signInSince: sql`now()` })
      .where('id', '=', accountId)
      .where('signIn', 'in', ['awaiting', 'expired'])
      .execute();
    await recordEvent(trx, { actor, name: 'account.sign-in-started', accountId, targetId: signInId });
    return 'done';
  });
}

/** Nobody signed in in time. Does nothing when somebody did meanwhile, or before the newest attempt is over. */
export async function expireSignIn(db: Database, accountId: string): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({ signIn: 'expired', signInSince: sql`now()` })
      .where('id', '=', accountId)
      .where('signIn', '=', 'awaiting')
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('signIns')
              .select('id')
              .where('accountId', '=', accountId)
              .where('expiresAt', '>', sql<Date>`now()`),
          ),
        ),
      )
      .executeTakeFirst();
    if (numUpdatedRows > 0n) await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-expired', accountId });
  });
}

/** Takes the account out of routing: no mail of it is written after this. */
export async function pauseAccount(
  db: Database,
  accountId: string,
  actor: string,
  command: CommandRef = {},
): Promise<CommandRecord> {
  return await carryOut(db, { ...command, accountId, name: 'pause' }, async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({ enabled: false, pausedAt: sql`now()`, updatedAt: sql`now()`, ...noCondition })
      .where('id', '=', accountId)
      .where('enabled', '=', true)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return 'unchanged';
    await stopPolling(trx, accountId, 'turned-off');
    await recordEvent(trx, { actor, name: 'account.paused', accountId });
    return 'done';
  });
}

/**
 * Lets the account be routed again. `from-now` moves the moment from which mail is captured to now, by the mail
 * server's clock and rounded down to its whole seconds; `catch-up` leaves it. Of an account that is enabled, both leave it.
 * *Now* is when the command was accepted: what came while it waited to be carried out came after it.
 */
export async function resumeAccount(
  db: Database,
  accountId: string,
  { actor, mode, ...command }: CommandRef & { readonly actor: string; readonly mode: ResumeMode },
): Promise<CommandRecord> {
  return await carryOut(db, { ...command, accountId, name: 'resume' }, async (trx) => {
    const acceptedAt = sql<Date>`coalesce(
      (select accepted_at from account_commands where account_commands.id = ${command.id ?? null}), now())`;
    const serverNow = sql<Date>`date_trunc('second', ${acceptedAt} + clock_skew_ms * interval '1 millisecond')`;
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        enabled: true,
        pausedAt: null,
        updatedAt: sql`now()`,
        ...(mode === 'from-now' ? { captureFrom: serverNow } : {}),
      })
      .where('id', '=', accountId)
      .where('enabled', '=', false)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return 'unchanged';
    await stopPolling(trx, accountId, 'turned-on');
    await recordEvent(trx, { actor, name: 'account.resumed', accountId, details: { mode } });
    return 'done';
  });
}

/** Whether the account may be looked at less often while it is quiet. */
export async function changeRest(
  db: Database,
  accountId: string,
  { actor, restsWhenQuiet }: { actor: string; restsWhenQuiet: boolean },
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({ restsWhenQuiet, updatedAt: sql`now()` })
      .where('id', '=', accountId)
      .where('restsWhenQuiet', '<>', restsWhenQuiet)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await recordEvent(trx, { actor, name: 'account.rest-changed', accountId, details: { restsWhenQuiet } });
  });
}

/** Why a sign-in is needed, and by what the provider finds its refusal again. */
export interface SignInRefusal extends FailureTrace {
  readonly reason?: FailureReason | undefined;
}

/** Nothing is known against the sign-in. */
export const acceptedSignIn = {
  signInReason: null,
  signInCode: null,
  signInStatus: null,
  signInRequestId: null,
  signInProbeAt: null,
} as const;

/**
 * The provider refuses the tokens of the account's sign-in of this number: the account waits for a person, or until the
 * same sign-in is accepted again (`restoreSignIn`). Does nothing when somebody signed in since. Idempotent.
 */
export async function requireSignIn(
  db: Database,
  { accountId, signInNumber }: SignInRef,
  { reason, code, status, requestId }: SignInRefusal,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        signIn: 'needed',
        signInReason: reason ?? null,
        signInCode: code ?? null,
        signInStatus: status ?? null,
        signInRequestId: requestId ?? null,
        signInProbeAt: inMs(SIGN_IN_PROBED_AFTER_MS),
        signInSince: sql`now()`,
        ...noCondition,
      })
      .where('id', '=', accountId)
      .where('signInNumber', '=', signInNumber)
      .where('signIn', '=', 'done')
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await stopPolling(trx, accountId, 'turned-off');
    const details = { reason, code, status, requestId };
    await recordEvent(trx, { actor: 'mailroom', name: 'account.sign-in-needed', accountId, details });
  });
}

/** Shows that somebody asked to remove the account, or that it did not work. */
export async function markRemoving(db: Queryable, accountId: string, isRemoving: boolean): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ removingSince: isRemoving ? sql`now()` : null })
    .where('id', '=', accountId)
    .where('removedAt', 'is', null)
    .execute();
}

/**
 * Removes an account: tokens, cursors, attempts to sign in and rules go; messages and items stay. One transaction, safe
 * to repeat: the same command gets its first receipt. Undefined when there is no such account.
 */
export async function removeAccount(
  db: Database,
  accountId: string,
  actor: string,
  { notificationsEnded = false, ...command }: CommandRef & { readonly notificationsEnded?: boolean | undefined } = {},
): Promise<AccountRemoval | undefined> {
  return await db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom('accounts')
      .select('removedAt')
      .where('id', '=', accountId)
      .forUpdate()
      .executeTakeFirst();
    if (!account) return undefined;
    const first = command.id === undefined ? undefined : await findRemoval(trx, command.id);
    if (first) return first;
    const tokens = await trx.deleteFrom('tokenCaches').where('accountId', '=', accountId).executeTakeFirst();
    // Watches before cursors, as settling polls locks them.
    for (const table of [
      'watches',
      'cursors',
      'subscriptions',
      'mailboxBudgets',
      'reconciliations',
      'fullMailboxes',
    ] as const) {
      await trx.deleteFrom(table).where('accountId', '=', accountId).execute();
    }
    await trx.deleteFrom('signIns').where('accountId', '=', accountId).execute();
    await trx.deleteFrom('rules').where('accountId', '=', accountId).execute();
    const { itemsKept } = await trx
      .selectFrom('items')
      .where('accountId', '=', accountId)
      .where('state', '<>', 'completed')
      .select((select) => select.fn.countAll<number>().as('itemsKept'))
      .executeTakeFirstOrThrow();
    if (account.removedAt === null) {
      await trx
        .updateTable('accounts')
        .set({ enabled: false, removedAt: sql`now()`, updatedAt: sql`now()`, ...noCondition })
        .where('id', '=', accountId)
        .execute();
      await recordEvent(trx, { actor, name: 'account.removed', accountId, details: { itemsKept } });
    }
    const removal = {
      tokensDeleted: tokens.numDeletedRows > 0n || account.removedAt !== null,
      notificationsEnded,
      itemsKept,
      removedAt: account.removedAt ?? new Date(),
    };
    await recordRemoval(trx, { ...command, accountId }, removal);
    return removal;
  });
}
