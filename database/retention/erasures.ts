import { sql, type Transaction } from 'kysely';
import { addressHint, type ErasureScope } from '../../domain/retention.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';
import type { Schema } from '../schema.ts';
import { deleteMailOf, lockDeletable, mayBeDeleted } from './delete-mail.ts';
import { isHeld } from './holds.ts';
import { isSentBy } from './sent-by.ts';

export interface NewErasure {
  readonly scope: ErasureScope;
  readonly accountId?: string | undefined;
  /** Folded. */
  readonly address?: string | undefined;
  readonly itemId?: string | undefined;
  readonly reason: string;
}

/** An erasure, which is its own receipt. */
export interface Erasure {
  readonly id: string;
  readonly scope: ErasureScope;
  readonly accountId: string | null;
  /** Of the account. */
  readonly mailbox: string | null;
  readonly itemId: string | null;
  /** Null once it is done. */
  readonly address: string | null;
  readonly addressHint: string | null;
  /** Hex of the SHA-256 of the id and the address, without anything between. */
  readonly addressHash: string | null;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedByName: string | null;
  readonly requestedAt: Date;
  /** Null: it is not done. */
  readonly finishedAt: Date | null;
  readonly messages: number;
  readonly answers: number;
  readonly notes: number;
  readonly itemsCompleted: number;
  /** Items still to be erased, as far as they are known. */
  readonly left: number;
  /** Of these, what a hold keeps. */
  readonly held: number;
}

export type ErasureRefusal = 'no-such-target' | 'account-not-removed' | 'held';

/** The items that an erasure names. */
function itemsOf({ scope, accountId, address, itemId }: Omit<NewErasure, 'reason'>) {
  switch (scope) {
    case 'account':
      return sql<boolean>`items.account_id = ${accountId}`;
    case 'sender':
      return isSentBy(address);
    case 'item':
      return sql<boolean>`items.id = ${itemId}`;
  }
}

/**
 * Requests an erasure, which the next sweep works off. The same request again is the same erasure until it is done.
 */
export async function requestErasure(
  db: Database,
  actor: string,
  erasure: NewErasure,
): Promise<{ readonly id: string } | ErasureRefusal> {
  return await db.transaction().execute(async (trx) => {
    const { scope, accountId, address, itemId, reason } = erasure;
    if (scope === 'account') {
      const account = await trx
        .selectFrom('accounts')
        .select('removedAt')
        .where('id', '=', accountId ?? null)
        .executeTakeFirst();
      if (!account) return 'no-such-target';
      if (account.removedAt === null) return 'account-not-removed';
    }
    if (scope === 'item') {
      const item = await trx
        .selectFrom('items')
        .select('id')
        .where('id', '=', itemId ?? null)
        .executeTakeFirst();
      if (!item) return 'no-such-target';
    }
    if (await holdsAny(trx, erasure)) return 'held';
    const inserted = await trx
      .insertInto('erasures')
      .values({
        scope,
        accountId: accountId ?? null,
        itemId: itemId ?? null,
        address: address ?? null,
        addressHint: address === undefined ? null : addressHint(address),
        reason,
        requestedBy: actor,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (!inserted) {
      return await trx
        .selectFrom('erasures')
        .select('id')
        .where('scope', '=', scope)
        .where('finishedAt', 'is', null)
        .where(sql`coalesce(address, item_id::text, account_id::text)`, '=', address ?? itemId ?? accountId ?? '')
        .executeTakeFirstOrThrow();
    }
    if (address !== undefined) {
      await trx
        .updateTable('erasures')
        .set({ addressHash: sql`sha256(convert_to(id::text || ${address}, 'UTF8'))` })
        .where('id', '=', inserted.id)
        .execute();
    }
    await recordEvent(trx, {
      actor,
      name: 'erasure.requested',
      accountId,
      targetId: inserted.id,
      details: { scope, ...(itemId !== undefined && { itemId }) },
    });
    return inserted;
  });
}

function selectItemsOf(db: Queryable, erasure: Omit<NewErasure, 'reason'>) {
  return db.selectFrom('items').leftJoin('messages', 'messages.id', 'items.messageId').where(itemsOf(erasure));
}

async function holdsAny(db: Queryable, erasure: Omit<NewErasure, 'reason'>): Promise<boolean> {
  const held = await selectItemsOf(db, erasure).where(isHeld).select('items.id').limit(1).executeTakeFirst();
  return held !== undefined;
}

/** True while a hold keeps any mail of the account. */
export async function holdsMailOf(db: Queryable, accountId: string): Promise<boolean> {
  return await holdsAny(db, { scope: 'account', accountId });
}

/** True while an erasure is not done and something of it may go. */
export async function hasWaitingErasure(db: Queryable): Promise<boolean> {
  const { rows } = await sql<{ waits: boolean }>`select exists (
    select from erasures where finished_at is null and (
      listed_at is null
      or not exists (select from erasure_items where erasure_id = erasures.id)
      or exists (
        select from erasure_items join items on items.id = erasure_items.item_id
        left join messages on messages.id = items.message_id
        where erasure_id = erasures.id and ${mayBeDeleted}
      )
    )
  ) as waits`.execute(db);
  return rows[0]?.waits ?? false;
}

/** Erasures that are not done, the oldest first. */
export async function listOpenErasures(db: Queryable): Promise<readonly string[]> {
  const rows = await db.selectFrom('erasures').select('id').where('finishedAt', 'is', null).orderBy('id').execute();
  return rows.map(({ id }) => id);
}

/**
 * Erases some of what an erasure names, in one transaction: call it again until it returns 0. What is held, or whose
 * answer is being sent, is left, and the erasure stays open. Returns the number of items that it went through.
 */
export async function eraseSome(db: Database, id: string): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    const erasure = await trx
      .selectFrom('erasures')
      .selectAll()
      .where('id', '=', id)
      .where('finishedAt', 'is', null)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!erasure) return 0;
    if (erasure.listedAt === null) await makeWorkList(trx, erasure);
    const isListed = sql<boolean>`items.id in (select item_id from erasure_items where erasure_id = ${id})`;
    const ids = await lockDeletable(trx, isListed);
    if (ids.length === 0) {
      await finishIfDone(trx, erasure);
      return 0;
    }
    const { messages, answers, notes, itemsCompleted } = await deleteMailOf(trx, ids);
    await trx.deleteFrom('erasureItems').where('erasureId', '=', id).where('itemId', 'in', ids).execute();
    await trx
      .updateTable('erasures')
      .set({
        messages: sql`messages + ${messages}`,
        answers: sql`answers + ${answers}`,
        notes: sql`notes + ${notes}`,
        itemsCompleted: sql`items_completed + ${itemsCompleted}`,
      })
      .where('id', '=', id)
      .execute();
    return ids.length;
  });
}

type Row = Pick<Erasure, 'id' | 'accountId' | 'address' | 'itemId'> & { readonly scope: string };

async function makeWorkList(trx: Transaction<Schema>, { id, scope, accountId, address, itemId }: Row): Promise<void> {
  const named = {
    scope: scope as ErasureScope,
    accountId: accountId ?? undefined,
    address: address ?? undefined,
    itemId: itemId ?? undefined,
  };
  const items = selectItemsOf(trx, named).select([sql.val(id).$castTo<string>().as('erasureId'), 'items.id as itemId']);
  await trx
    .insertInto('erasureItems')
    .columns(['erasureId', 'itemId'])
    .expression(items)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await trx.updateTable('erasures').set({ listedAt: sql`now()` }).where('id', '=', id).execute();
  // What is remembered of the sender, or of the mailbox, beside their mail.
  if (address !== null) {
    await trx.deleteFrom('imageSenders').where('address', '=', address).execute();
    await trx
      .updateTable('quarantine')
      .set({ preview: null })
      .where(sql`lower((preview -> 'from' ->> 'address') collate "C")`, '=', address)
      .execute();
  }
  if (scope === 'account' && accountId !== null) {
    await trx.deleteFrom('quarantine').where('accountId', '=', accountId).execute();
    await trx.deleteFrom('signatures').where('owner', '=', `account:${accountId}`).execute();
  }
}

async function finishIfDone(trx: Transaction<Schema>, { id, scope, accountId }: Row): Promise<void> {
  // Items that a sweep deleted in the meantime have no mail any more.
  await trx
    .deleteFrom('erasureItems')
    .where('erasureId', '=', id)
    .where('itemId', 'not in', (select) => select.selectFrom('items').select('id'))
    .execute();
  const finished = await trx
    .updateTable('erasures')
    .set({ finishedAt: sql`now()`, address: null })
    .where('id', '=', id)
    .where((where) =>
      where.not(where.exists(where.selectFrom('erasureItems').select('itemId').where('erasureId', '=', id))),
    )
    .returning(['messages', 'answers', 'notes', 'itemsCompleted'])
    .executeTakeFirst();
  if (!finished) return;
  await recordEvent(trx, {
    actor: 'mailroom',
    name: 'erasure.finished',
    accountId: accountId ?? undefined,
    targetId: id,
    details: { scope, ...finished },
  });
}

/** The newest first. */
export async function listErasures(db: Queryable, { limit, before }: { limit: number; before?: string | undefined }) {
  const rows = await selectErasures(db)
    .$if(before !== undefined, (query) => query.where('erasures.id', '<', before as string))
    .orderBy('erasures.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(asErasure);
}

export async function findErasure(db: Queryable, id: string): Promise<Erasure | undefined> {
  const row = await selectErasures(db).where('erasures.id', '=', id).executeTakeFirst();
  return row && asErasure(row);
}

function selectErasures(db: Queryable) {
  const leftOf = (condition = sql`true`) => sql<number>`(
    select count(*) from erasure_items join items on items.id = erasure_items.item_id
    left join messages on messages.id = items.message_id
    where erasure_id = erasures.id and ${condition}
  )`;
  return db
    .selectFrom('erasures')
    .leftJoin('accounts', 'accounts.id', 'erasures.accountId')
    .select([
      'erasures.id',
      'scope',
      'erasures.accountId',
      'accounts.address as mailbox',
      'itemId',
      'erasures.address',
      'addressHint',
      sql<string | null>`encode(address_hash, 'hex')`.as('addressHash'),
      'reason',
      'requestedBy',
      actorName('erasures.requested_by').as('requestedByName'),
      'requestedAt',
      'finishedAt',
      'messages',
      'answers',
      'notes',
      'itemsCompleted',
      leftOf().as('left'),
      leftOf(isHeld).as('held'),
    ]);
}

function asErasure({ scope, ...row }: Omit<Erasure, 'scope'> & { readonly scope: string }): Erasure {
  return { ...row, scope: scope as ErasureScope };
}
