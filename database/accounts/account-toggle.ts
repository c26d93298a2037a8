import { sql } from 'kysely';
import type { ResumeMode } from '../../domain/account-state.ts';
import type { Database } from '../database.ts';
import { stopPolling } from '../ingest/watches.ts';
import { type CommandRecord, type CommandRef, carryOut } from './account-commands.ts';
import { noCondition } from './account-conditions.ts';
import { recordEvent } from './events.ts';

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
