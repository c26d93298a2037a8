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

/** An account, and the number of the sign-in that it is read with. */
export interface SignInRef {
  readonly accountId: string;
  readonly signInNumber: number;
}

/** The id of the account's inbox, which identifies its mailbox; undefined until it has been read. */
export async function findInboxId(db: Queryable, accountId: string): Promise<string | undefined> {
  const row = await db.selectFrom('accounts').select('inboxId').where('id', '=', accountId).executeTakeFirst();
  return row?.inboxId ?? undefined;
}

/** Stores the inbox id, which identifies the account's mailbox. */
export async function putInboxId(db: Queryable, accountId: string, inboxId: string): Promise<void> {
  await db.updateTable('accounts').set({ inboxId }).where('id', '=', accountId).execute();
}

/** The properties of an account that its workflow decides by. */
export interface AccountFacts {
  readonly signIn: SignInState;
  readonly signInNumber: number;
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
 * A new attempt began: an account that is not connected waits for it, whatever the outcome of the last one. Changes
 * nothing when the attempt was withdrawn.
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

/** The sign-in attempt expired. Does nothing after a completed sign-in, or before the newest attempt is over. */
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

/** Disables the account: none of its mail is written after this. */
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
 * Enables the account. `from-now` moves the moment from which mail is captured to now, by the mail server's clock and
 * rounded down to its whole seconds; `catch-up` leaves it. For an account that is already enabled, both leave it. *Now*
 * is when the command was accepted: mail that arrived while the command waited is captured.
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

/** Sets whether the account may be polled less often while it is quiet. */
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

/** Why a sign-in is needed, and the ids by which the provider finds its refusal. */
export interface SignInRefusal extends FailureTrace {
  readonly reason?: FailureReason | undefined;
}

/** The columns of a sign-in without a refusal. */
export const acceptedSignIn = {
  signInReason: null,
  signInCode: null,
  signInStatus: null,
  signInRequestId: null,
  signInProbeAt: null,
} as const;

/**
 * The provider refuses the tokens of this sign-in: the account waits for a person, or until the same sign-in is
 * accepted again (`restoreSignIn`). Does nothing after a newer sign-in. Idempotent.
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

/** Marks the account as being removed, or takes the mark back after a failed removal. */
export async function markRemoving(db: Queryable, accountId: string, isRemoving: boolean): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ removingSince: isRemoving ? sql`now()` : null })
    .where('id', '=', accountId)
    .where('removedAt', 'is', null)
    .execute();
}

/**
 * Removes an account: deletes tokens, cursors, sign-in attempts and rules; messages and items stay. One transaction,
 * safe to repeat: the same command gets its first receipt. Undefined when the account does not exist.
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
    // Watches before cursors: the order in which settling polls locks them.
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
