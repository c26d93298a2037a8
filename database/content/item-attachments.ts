import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import type { AttachmentsTable } from '../schema.ts';

/** The message of an item with what its files are named after. */
export interface ItemContent {
  /** Null: the message was deleted from Mailroom. */
  readonly messageId: string | null;
  readonly subject: string | null;
  readonly webLink: string | null;
}

export interface ItemAttachment {
  readonly id: string;
  readonly kind: AttachmentsTable['kind'];
  readonly name: string;
  readonly contentType: string | null;
}

/** Undefined when the item does not exist. */
export async function findItemContent(db: Queryable, itemId: string): Promise<ItemContent | undefined> {
  return await db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(['messages.id as messageId', 'messages.subject', 'messages.webLink'])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
}

/** The attachments of a message, in its order; one of them where its id is given. */
export async function listItemAttachments(
  db: Queryable,
  messageId: string,
  attachmentId?: string,
): Promise<readonly ItemAttachment[]> {
  return await db
    .selectFrom('attachments')
    .select(['id', 'kind', 'name', 'contentType'])
    .where('messageId', '=', messageId)
    .where(sql<boolean>`(${attachmentId ?? null}::uuid is null or id = ${attachmentId ?? null}::uuid)`)
    .orderBy('position')
    .execute();
}

/** Stores the address of a message in Outlook, which its release of Mailroom did not capture. */
export async function storeWebLink(db: Queryable, messageId: string, webLink: string): Promise<void> {
  await db.updateTable('messages').set({ webLink }).where('id', '=', messageId).execute();
}
