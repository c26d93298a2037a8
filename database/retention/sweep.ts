import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { RetentionCounts, RetentionKind, RetentionPeriods } from '../../domain/retention.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { deleteMailOf, lockDeletable, mayBeDeleted } from './delete-mail.ts';

const ROWS_AT_ONCE = 2_000;

const before = (days: number) => sql`now() - ${days} * interval '1 day'`;

/** Items that were completed, or are in no queue, for that long. */
const itemsDue = (days: number): RawBuilder<boolean> => sql<boolean>`(
  items.state = 'completed' and items.completed_at < ${before(days)}
  or items.state = 'unqueued' and items.queue_id is null and items.queued_at < ${before(days)}
)`;

/** Those of them whose mail is still there. */
const contentDue = (days: number): RawBuilder<boolean> =>
  sql<boolean>`(items.message_id is not null and ${itemsDue(days)})`;

/** Rows of the other tables that are due. Events of items go with the items. */
const rowsDue = {
  events: (days: number) => sql`events where at < ${before(days)} and name not like 'item.%'`,
  signIns: (days: number) => sql`sign_ins where expires_at < ${before(days)} and exists (
    select from sign_ins as later
    where later.account_id = sign_ins.account_id and later.created_at > sign_ins.created_at
  )`,
  quarantine: (days: number) => sql`quarantine where state = 'resolved' and last_at < ${before(days)}`,
} as const;

/**
 * Deletes some of what is due of a kind, in one transaction, and returns how much; fewer than there is, so call it again
 * until it returns 0. What is locked or held stays.
 */
export async function sweepSome(db: Database, kind: RetentionKind, days: number): Promise<number> {
  switch (kind) {
    case 'content':
      return await db.transaction().execute((trx) => sweepContent(trx, days));
    case 'items':
      return await db.transaction().execute((trx) => sweepItems(trx, days));
    default: {
      const { numAffectedRows = 0n } = await sql`delete from ${sql.table(tables[kind])} where id in (
        select id from ${rowsDue[kind](days)} limit ${ROWS_AT_ONCE} for update skip locked
      )`.execute(db);
      return Number(numAffectedRows);
    }
  }
}

const tables = { events: 'events', signIns: 'sign_ins', quarantine: 'quarantine' } as const;

async function sweepContent(trx: Transaction<Schema>, days: number): Promise<number> {
  const ids = await lockDeletable(trx, contentDue(days));
  return ids.length === 0 ? 0 : (await deleteMailOf(trx, ids)).messages;
}

async function sweepItems(trx: Transaction<Schema>, days: number): Promise<number> {
  const ids = await lockDeletable(trx, itemsDue(days));
  if (ids.length === 0) return 0;
  await deleteMailOf(trx, ids);
  await trx.deleteFrom('events').where('targetId', 'in', ids).where('name', 'like', sql.lit('item.%')).execute();
  const { numDeletedRows } = await trx.deleteFrom('items').where('id', 'in', ids).executeTakeFirst();
  return Number(numDeletedRows);
}

/** How much the next sweep would delete with these periods. */
export async function countDue(db: Queryable, periods: RetentionPeriods): Promise<RetentionCounts> {
  const { content, items, events, signIns, quarantine } = periods;
  const [mails, wholeItems, ...others] = await Promise.all([
    content === null ? 0 : countItems(db, contentDue(content)),
    items === null ? 0 : countItems(db, itemsDue(items)),
    events === null ? 0 : countRows(db, rowsDue.events(events)),
    signIns === null ? 0 : countRows(db, rowsDue.signIns(signIns)),
    quarantine === null ? 0 : countRows(db, rowsDue.quarantine(quarantine)),
  ]);
  const [eventCount = 0, signInCount = 0, quarantineCount = 0] = others;
  return {
    content: mails,
    items: wholeItems,
    events: eventCount,
    signIns: signInCount,
    quarantine: quarantineCount,
  };
}

async function countItems(db: Queryable, due: RawBuilder<boolean>): Promise<number> {
  const { count } = await db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where(due)
    .where(mayBeDeleted)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countRows(db: Queryable, due: RawBuilder<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from ${due}`.execute(db);
  return Number(rows[0]?.count ?? 0);
}
