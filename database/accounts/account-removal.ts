import { sql } from 'kysely';
import type { Database, Queryable } from '../database.ts';
import { type AccountRemoval, type CommandRef, findRemoval, recordRemoval } from './account-commands.ts';
import { noCondition } from './account-conditions.ts';
import { recordEvent } from './events.ts';

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
