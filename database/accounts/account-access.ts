import { sql, type Transaction } from 'kysely';
import type { AccountAccess } from '../../domain/account-access.ts';
import type { Database, Queryable } from '../database.ts';
import { stopPolling } from '../ingest/watches.ts';
import type { Schema } from '../schema.ts';
import { ensureGeneralQueue, lockQueue } from './account-additions.ts';
import { noCondition } from './account-conditions.ts';
import { acceptedSignIn } from './account-sign-in.ts';
import { recordEvent } from './events.ts';

/** Whose rights an account is read with; undefined when it does not exist. */
export async function findAccess(db: Queryable, accountId: string): Promise<AccountAccess | undefined> {
  const row = await db.selectFrom('accounts').select('access').where('id', '=', accountId).executeTakeFirst();
  return row?.access;
}

export interface ApplicationAccount {
  /** In lower case. */
  readonly address: string;
  /** Undefined: the queue named General, created if it does not exist. */
  readonly defaultQueueId: string | undefined;
  readonly backfillDays: number;
}

/** Now by the mail server's clock, as the last check of application access compared it, in whole seconds. */
const serverNow = sql<Date>`date_trunc('second', now() + coalesce(
  (select clock_skew_ms from application_access), 0) * interval '1 millisecond')`;
const clockSkewMs = sql<number>`coalesce((select clock_skew_ms from application_access), 0)`;

/**
 * Adds an account that is read with the application's rights, from now on: no person has to sign in. Undefined when the
 * queue does not exist. Throws the unique violation of `accounts_address` when the address is already connected.
 */
export async function addApplicationAccount(
  db: Database,
  actor: string,
  { address, defaultQueueId, backfillDays }: ApplicationAccount,
): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    const queueId =
      defaultQueueId === undefined ? await ensureGeneralQueue(trx, actor) : await lockQueue(trx, defaultQueueId);
    if (queueId === undefined) return undefined;
    const { id } = await trx
      .insertInto('accounts')
      .values({
        address,
        access: 'application',
        signIn: 'done',
        backfillDays,
        defaultQueueId: queueId,
        clockSkewMs,
        captureFrom: sql<Date>`${serverNow} - ${backfillDays} * interval '1 day'`,
        authenticatedAt: sql<Date>`now()`,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await stopPolling(trx, id, 'turned-on');
    const details = { backfillDays, access: 'application' };
    await recordEvent(trx, { actor, name: 'account.added', accountId: id, details });
    return id;
  });
}

/**
 * Reads an account with the application's rights from now on, whatever the state of its sign-in. It keeps its place in
 * the mailbox, its rules and its mail. The tokens of the sign-in are deleted, and attempts to sign in are over. False:
 * it was so already, or does not exist.
 */
export async function useApplicationAccess(db: Database, actor: string, accountId: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({
        access: 'application',
        signIn: 'done',
        signInAs: null,
        ...acceptedSignIn,
        ...noCondition,
        signInSince: sql`now()`,
        identityTenantId: null,
        identityObjectId: null,
        identityUsername: null,
        identityName: null,
        sendingGranted: false,
        signInNumber: sql`sign_in_number + 1`,
        captureFrom: sql<Date>`coalesce(capture_from, ${serverNow} - backfill_days * interval '1 day')`,
        authenticatedAt: sql<Date>`coalesce(authenticated_at, now())`,
        updatedAt: sql`now()`,
      })
      .where('id', '=', accountId)
      .where('access', '<>', 'application')
      .where('removedAt', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await trx.deleteFrom('tokenCaches').where('accountId', '=', accountId).execute();
    await trx.deleteFrom('signIns').where('accountId', '=', accountId).where('finishedAt', 'is', null).execute();
    await noteAccess(trx, actor, accountId, 'application');
    await stopPolling(trx, accountId, 'turned-on');
    return true;
  });
}

/** The event of a change, and a subscription of its own: who made the one before may not renew it any more. */
export async function noteAccess(
  trx: Transaction<Schema>,
  actor: string,
  accountId: string,
  access: AccountAccess,
): Promise<void> {
  await trx
    .updateTable('subscriptions')
    .set({ notificationUrl: null, dueAt: sql`now()` })
    .where('accountId', '=', accountId)
    .execute();
  await recordEvent(trx, { actor, name: 'account.access-changed', accountId, details: { access } });
}
