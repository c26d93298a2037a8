import { sql } from 'kysely';
import type { FailureReason } from '../../domain/failure.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { requestReconciliation } from './reconciliations.ts';

/** How far a folder has been read. */
export interface Cursor {
  readonly folder: string;
  /** Null: the walk starts from the beginning. */
  readonly link: string | null;
  readonly version: number;
  /** The filter of the walk; null: none. */
  readonly receivedSince: Date | null;
  /** Entries from the start of the walk to its first end. */
  readonly walked: number;
  readonly complete: boolean;
  /** Page size, reduced after pages that failed with the usual size; null: the usual one. */
  readonly pageSize: number | null;
  /** The account's mail is captured from here on, by the mail server's clock; null: all of it. */
  readonly captureFrom: Date | null;
}

/** As far back as the account's mail is captured. */
const asCaptured = (accountId: string) => sql<Date | null>`(select capture_from from accounts where id = ${accountId})`;

/** Reads the cursor of a folder, and creates it if missing. The walk begins at the account's own start. */
export async function openCursor(db: Queryable, accountId: string, folder: string): Promise<Cursor> {
  const found = await findCursor(db, accountId, folder);
  if (found) return found;
  await db
    .insertInto('cursors')
    .values({ accountId, folder, receivedSince: asCaptured(accountId) })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await findCursor(db, accountId, folder)) as Cursor;
}

async function findCursor(db: Queryable, accountId: string, folder: string): Promise<Cursor | undefined> {
  return await db
    .selectFrom('cursors')
    .innerJoin('accounts', 'accounts.id', 'cursors.accountId')
    .select(['folder', 'link', 'version', 'receivedSince', 'walked', 'complete', 'pageSize', 'captureFrom'])
    .where('accountId', '=', accountId)
    .where('folder', '=', folder)
    .executeTakeFirst();
}

/** The start of a new walk. The version is the fence. */
const restarted = {
  link: null,
  walked: 0,
  complete: false,
  version: sql<number>`version + 1`,
  updatedAt: sql<Date>`now()`,
};

/** Restarts the walks of an account: their links lead to a mailbox under another address. */
export async function forgetLinks(db: Queryable, accountId: string): Promise<void> {
  await db
    .updateTable('cursors')
    .set({ ...restarted, receivedSince: asCaptured(accountId) })
    .where('accountId', '=', accountId)
    .execute();
}

/** Why a walk restarts. Stored with its event: never rename one. */
export type RestartReason = FailureReason | 'filter-full' | 'differences-found' | 'delta-tried-again';

/** Restarts that need no reconciliation: the walk returns everything, or the mailbox was reconciled before it. */
const restartsCompared: ReadonlySet<RestartReason> = new Set(['filter-full', 'differences-found', 'delta-tried-again']);

export interface CursorRestart {
  readonly reason: RestartReason;
  /** The start of the new walk. `captured`: as far back as mail is captured; `all`: everything. */
  readonly since: Date | 'captured' | 'all';
}

/**
 * Restarts the walk of a folder, because the mail server dropped it, its filter hides mail, or it missed existing mail.
 * We forget nothing: captured mail is recognised by its id. A reconciliation follows a lost walk. False when another
 * process moved the cursor.
 */
export async function restartCursor(
  db: Database,
  accountId: string,
  cursor: Pick<Cursor, 'folder' | 'version'>,
  { reason, since }: CursorRestart,
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const receivedSince = since === 'captured' ? asCaptured(accountId) : since === 'all' ? null : since;
    const { numUpdatedRows } = await trx
      .updateTable('cursors')
      .set({ ...restarted, receivedSince })
      .where('accountId', '=', accountId)
      .where('folder', '=', cursor.folder)
      .where('version', '=', cursor.version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    const details = { folder: cursor.folder, reason };
    // Setting delta aside and trusting it again are events of their own.
    if (reason !== 'delta-tried-again') {
      await recordEvent(trx, { actor: 'mailroom', name: 'account.resynced', accountId, details });
    }
    if (!restartsCompared.has(reason)) await requestReconciliation(trx, accountId);
    return true;
  });
}

/** A walk with a filter ends at 5,000 messages, so a restarted one goes back this far at most. */
const MESSAGES_OF_A_RESTART = 4_000;

/**
 * The start of a restarted walk: as far back as mail is captured, but no farther than one walk can return. For
 * statements with `accounts`; null: everything is captured.
 */
export const restartSince = sql<Date | null>`greatest(accounts.capture_from, (
  select received_at from messages where messages.account_id = accounts.id
  order by received_at desc offset ${MESSAGES_OF_A_RESTART} limit 1
))`;

export async function findRestart(db: Queryable, accountId: string): Promise<Date | 'captured'> {
  const row = await db
    .selectFrom('accounts')
    .where('id', '=', accountId)
    .select(restartSince.as('since'))
    .executeTakeFirst();
  return row?.since ?? 'captured';
}

/** Stores the page size; null: the usual one. */
export async function rememberPageSize(
  db: Queryable,
  accountId: string,
  folder: string,
  pageSize: number | null,
): Promise<void> {
  await db
    .updateTable('cursors')
    .set({ pageSize })
    .where('accountId', '=', accountId)
    .where('folder', '=', folder)
    .execute();
}
