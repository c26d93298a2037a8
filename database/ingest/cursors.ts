import { sql } from 'kysely';
import type { FailureReason } from '../../domain/failure.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
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
  /** Messages asked for in one page, where as many as usual did not come. */
  readonly pageSize: number | undefined;
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
    .select(['folder', 'link', 'version', 'receivedSince', 'walked', 'complete', 'pageSize', 'captureFrom'])
    .where('accountId', '=', accountId)
    .where('folder', '=', folder)
    .executeTakeFirst();
  return (
    row && {
      ...row,
      link: row.link ?? undefined,
      receivedSince: row.receivedSince ?? undefined,
      captureFrom: row.captureFrom ?? undefined,
      pageSize: row.pageSize ?? undefined,
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

/** Why a walk begins again. Stored with its event: never rename one. */
export type RestartReason = FailureReason | 'filter-full' | 'differences-found' | 'delta-tried-again';

/** Restarts that leave nothing to compare: the walk tells everything, or the mailbox was compared before it. */
const restartsCompared: ReadonlySet<RestartReason> = new Set(['filter-full', 'differences-found', 'delta-tried-again']);

export interface CursorRestart {
  readonly reason: RestartReason;
  /** From when on the walk is to tell of mail; `captured`: as far back as mail is captured; `all`: of everything. */
  readonly since: Date | 'captured' | 'all';
}

/**
 * Begins the walk of a folder again, because the mail server forgot it, because its filter hides mail, or because it did not
 * tell of mail that is there. Nothing is forgotten on our side: what is captured is recognised by its id. What was lost is
 * followed by a comparison. False when somebody else moved the cursor.
 */
export async function restartCursor(
  db: Database,
  accountId: string,
  cursor: Pick<Cursor, 'folder' | 'version'>,
  { reason, since }: CursorRestart,
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
        receivedSince:
          since === 'captured'
            ? (select) => select.selectFrom('accounts').select('captureFrom').where('id', '=', accountId)
            : since === 'all'
              ? null
              : since,
      })
      .where('accountId', '=', accountId)
      .where('folder', '=', cursor.folder)
      .where('version', '=', cursor.version)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    const details = { folder: cursor.folder, reason };
    // That delta was set aside, and later that it works again, are events of their own.
    if (reason !== 'delta-tried-again') {
      await recordEvent(trx, { actor: 'mailroom', name: 'account.resynced', accountId, details });
    }
    if (!restartsCompared.has(reason)) await requestReconciliation(trx, accountId);
    return true;
  });
}

/** A walk with a filter ends at 5,000 messages, so one that begins again goes back this far at most. */
const MESSAGES_OF_A_RESTART = 4_000;

/**
 * From when on a walk that begins again is to tell of mail: as far back as mail is captured, and no farther than one walk
 * comes. For statements in which `accounts` are named; null: everything is captured.
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

/** Remembers how many messages a page may hold; undefined: as many as usual. */
export async function rememberPageSize(
  db: Queryable,
  accountId: string,
  folder: string,
  pageSize: number | undefined,
): Promise<void> {
  await db
    .updateTable('cursors')
    .set({ pageSize: pageSize ?? null })
    .where('accountId', '=', accountId)
    .where('folder', '=', folder)
    .execute();
}
