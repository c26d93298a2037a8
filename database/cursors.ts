import { sql } from 'kysely';
import type { FailureReason } from '../domain/failure.ts';
import type { Database, Queryable } from './database.ts';
import { recordEvent } from './events.ts';
import { requestReconciliation } from './reconciliations.ts';

/** Up to where a folder was read. */
export interface Cursor {
  readonly folder: string;
  /** Undefined: the walk begins at its start. */
  readonly link: string | undefined;
  readonly version: number;
  /** The filter with which the walk began; undefined: it began without one. */
  readonly receivedSince: Date | undefined;
  /** Entries since the walk began, up to its first end. */
  readonly walked: number;
  readonly complete: boolean;
  /** From when on mail of the account is captured, by the mail server's clock. */
  readonly captureFrom: Date | undefined;
}

/** Reads the cursor of a folder, and makes it when the folder has none. The walk begins at the account's own start. */
export async function openCursor(db: Queryable, accountId: string, folder: string): Promise<Cursor> {
  const found = await findCursor(db, accountId, folder);
  if (found) return found;
  await db
    .insertInto('cursors')
    .columns(['accountId', 'folder', 'receivedSince'])
    .expression((from) =>
      from
        .selectFrom('accounts')
        .where('id', '=', accountId)
        .select((select) => ['id', select.val(folder).as('folder'), 'captureFrom']),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return (await findCursor(db, accountId, folder)) as Cursor;
}

async function findCursor(db: Queryable, accountId: string, folder: string): Promise<Cursor | undefined> {
  const row = await db
    .selectFrom('cursors')
    .innerJoin('accounts', 'accounts.id', 'cursors.accountId')
    .select(['folder', 'link', 'version', 'receivedSince', 'walked', 'complete', 'captureFrom'])
    .where('accountId', '=', accountId)
    .where('folder', '=', folder)
    .executeTakeFirst();
  return (
    row && {
      ...row,
      link: row.link ?? undefined,
      receivedSince: row.receivedSince ?? undefined,
      captureFrom: row.captureFrom ?? undefined,
    }
  );
}

/** Lets the walks of an account begin at their start: its links lead to a mailbox under another address. */
export async function forgetLinks(db: Queryable, accountId: string): Promise<void> {
  await db
    .updateTable('cursors')
    .set({
      link: null,
      version: sql`version + 1`,
      walked: 0,
      complete: false,
      receivedSince: (select) => select.selectFrom('accounts').select('captureFrom').where('id', '=', accountId),
      updatedAt: sql`now()`,
    })
    .where('accountId', '=', accountId)
    .execute();
}

/**
 * Begins the walk of a folder anew, because the mail server forgot it or because its filter hides mail. Nothing is
 * forgotten on our side: what is captured is recognised by its id. What was lost is followed by a comparison. False when somebody else moved the cursor.
 */
export async function restartCursor(
  db: Database,
  accountId: string,
  cursor: Cursor,
  { reason, filtered }: { reason: FailureReason | 'filter-full'; filtered: boolean },
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('cursors')
      .set({
        link: null,
        version: cursor.version + 1,
        walked: 0,
        complete: false,
        updatedAt: sql`now()`,
        receivedSince: filtered
          ? (select) => select.selectFrom('accounts').select('captureFrom').where('id', '=', accountId)
          : null,
      })
      .where('accountId', '=', accountId)
      .where('folder', '=', cursor.folder)
      .where('version', '=', cursor.version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    const details = { folder: cursor.folder, reason };
    await recordEvent(trx, { actor: 'mailroom', name: 'account.resynced', accountId, details });
    if (reason !== 'filter-full') await requestReconciliation(trx, accountId);
    return true;
  });
}
