import { type RawBuilder, sql } from 'kysely';
import type { HoldScope } from '../../domain/retention.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

/** Names the lock between who deletes, shared, and who places a hold, alone. */
const DELETING = sql`hashtextextended('mailroom:retention', 0)`;

/** Takes part in deleting until the transaction ends: holds that are placed meanwhile wait for it. */
export async function lockForDeleting(trx: Queryable): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${DELETING})`.execute(trx);
}

/** True where a standing hold names an item, its account or its sender. Expects `items` and, outer-joined, `messages`. */
export const isHeld: RawBuilder<boolean> = sql<boolean>`exists (
  select from holds where lifted_at is null and (
    scope = 'everything'
    or scope = 'account' and holds.account_id = items.account_id
    or scope = 'item' and holds.item_id = items.id
    or scope = 'sender' and holds.address = lower(messages.from_address collate "C")
  )
)`;

export interface NewHold {
  readonly scope: HoldScope;
  readonly accountId?: string | undefined;
  /** Folded. */
  readonly address?: string | undefined;
  readonly itemId?: string | undefined;
  readonly reason: string;
}

export interface Hold {
  readonly id: string;
  readonly scope: HoldScope;
  readonly accountId: string | null;
  /** Of the account. */
  readonly mailbox: string | null;
  readonly address: string | null;
  readonly itemId: string | null;
  readonly reason: string;
  readonly placedBy: string;
  readonly placedByName: string | null;
  readonly placedAt: Date;
  readonly liftedBy: string | null;
  readonly liftedByName: string | null;
  /** Null: it stands. */
  readonly liftedAt: Date | null;
}

/**
 * Places a hold. When it returns, nothing that the hold names is being deleted, nor will be. Undefined: there is no such
 * account or item.
 */
export async function placeHold(db: Database, actor: string, hold: NewHold): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${DELETING})`.execute(trx);
    const { scope, accountId, address, itemId, reason } = hold;
    if (accountId !== undefined && !(await exists(trx, 'accounts', accountId))) return undefined;
    if (itemId !== undefined && !(await exists(trx, 'items', itemId))) return undefined;
    const { id } = await trx
      .insertInto('holds')
      .values({
        scope,
        accountId: accountId ?? null,
        address: address ?? null,
        itemId: itemId ?? null,
        reason,
        placedBy: actor,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await recordEvent(trx, { actor, name: 'hold.placed', accountId, targetId: id, details: { scope } });
    return id;
  });
}

async function exists(db: Queryable, table: 'accounts' | 'items', id: string): Promise<boolean> {
  return (await db.selectFrom(table).select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/** Lifts a hold; again changes nothing. False: there is none of this id. */
export async function liftHold(db: Database, actor: string, id: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const lifted = await trx
      .updateTable('holds')
      .set({ liftedBy: actor, liftedAt: sql`now()` })
      .where('id', '=', id)
      .where('liftedAt', 'is', null)
      .returning(['scope', 'accountId'])
      .executeTakeFirst();
    if (!lifted)
      return (await trx.selectFrom('holds').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
    const { scope, accountId } = lifted;
    await recordEvent(trx, {
      actor,
      name: 'hold.lifted',
      accountId: accountId ?? undefined,
      targetId: id,
      details: { scope },
    });
    return true;
  });
}

/** Standing holds first, then lifted ones; the newest first. */
export async function listHolds(db: Queryable): Promise<readonly Hold[]> {
  const rows = await selectHolds(db).orderBy(sql`lifted_at is not null`).orderBy('holds.id', 'desc').execute();
  return rows.map(asHold);
}

export async function findHold(db: Queryable, id: string): Promise<Hold | undefined> {
  const row = await selectHolds(db).where('holds.id', '=', id).executeTakeFirst();
  return row && asHold(row);
}

function selectHolds(db: Queryable) {
  return db
    .selectFrom('holds')
    .leftJoin('accounts', 'accounts.id', 'holds.accountId')
    .select([
      'holds.id',
      'scope',
      'holds.accountId',
      'accounts.address as mailbox',
      'holds.address',
      'itemId',
      'reason',
      'placedBy',
      actorName('holds.placed_by').as('placedByName'),
      'placedAt',
      'liftedBy',
      actorName('holds.lifted_by').as('liftedByName'),
      'liftedAt',
    ]);
}

function asHold({ scope, ...row }: Omit<Hold, 'scope'> & { readonly scope: string }): Hold {
  return { ...row, scope: scope as HoldScope };
}
