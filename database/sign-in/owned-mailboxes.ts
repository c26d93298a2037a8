import { sql } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';

/** A person at Microsoft. */
export interface MailboxOwner {
  readonly tenantId: string;
  readonly objectId: string;
  /** In lower case. */
  readonly addresses: readonly string[];
}

/** What its owner may know of a connected mailbox. */
export interface OwnedMailbox {
  readonly id: string;
  readonly address: string;
  /** Who signs in, where the mailbox is shared. */
  readonly signInAs: string | null;
  readonly enabled: boolean;
  /** Mailroom has tokens for it. */
  readonly isConnected: boolean;
  readonly captureFrom: Date | null;
  readonly authenticatedAt: Date | null;
  readonly connectedByName: string | null;
  /** Of the account's routing: whose people see its mail. */
  readonly queueNames: readonly string[];
}

/** The mailboxes that a person signed in for, and those that are the person's own. */
export async function listOwnedMailboxes(
  db: Queryable,
  { tenantId, objectId, addresses }: MailboxOwner,
): Promise<readonly OwnedMailbox[]> {
  return await db
    .selectFrom('accounts')
    .select(['accounts.id', 'address', 'signInAs', 'enabled', 'captureFrom', 'authenticatedAt'])
    .select([
      sql<boolean>`(
        accounts.access = 'application' or exists (select from token_caches where account_id = accounts.id)
      )`.as('isConnected'),
      sql<string | null>`(
        select ${actorName('events.actor')} from events
        where account_id = accounts.id and name = 'account.added' order by events.id limit 1
      )`.as('connectedByName'),
      sql<string[]>`array(
        select name from queues where removed_at is null and (
          id = accounts.default_queue_id or id in (select queue_id from rules where account_id = accounts.id)
        ) order by lower(name)
      )`.as('queueNames'),
    ])
    .where('removedAt', 'is', null)
    .where((row) =>
      row.or([
        row.and([row('identityTenantId', '=', tenantId), row('identityObjectId', '=', objectId)]),
        row('address', '=', sql<string>`any(${[...addresses]})`),
      ]),
    )
    .orderBy('address')
    .execute();
}

/** In events: who was no user of Mailroom, but proved to be the owner. */
export const OWNER = 'mailbox-owner';

/**
 * Deletes the tokens of an account, also those that workers hold; one that was read with the application's rights is not
 * any more. False: there were none.
 */
export async function deleteTokensForOwner(db: Database, accountId: string): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('tokenCaches')
      .where('accountId', '=', accountId)
      .executeTakeFirst();
    const { numUpdatedRows } = await trx
      .updateTable('accounts')
      .set({ access: 'delegated', signInNumber: sql`sign_in_number + 1`, updatedAt: sql`now()` })
      .where('id', '=', accountId)
      .where(({ or, eb, val }) => or([eb('access', '=', 'application'), eb(val(numDeletedRows > 0n), '=', true)]))
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await recordEvent(trx, { actor: OWNER, name: 'account.ended-by-owner', accountId });
    return true;
  });
}
