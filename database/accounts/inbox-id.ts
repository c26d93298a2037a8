import type { Queryable } from '../database.ts';

/** The id of the account's inbox, which identifies its mailbox; undefined until it has been read. */
export async function findInboxId(db: Queryable, accountId: string): Promise<string | undefined> {
  const row = await db.selectFrom('accounts').select('inboxId').where('id', '=', accountId).executeTakeFirst();
  return row?.inboxId ?? undefined;
}

/** Stores the inbox id, which identifies the account's mailbox. */
export async function putInboxId(db: Queryable, accountId: string, inboxId: string): Promise<void> {
  await db.updateTable('accounts').set({ inboxId }).where('id', '=', accountId).execute();
}
