import { sql } from 'kysely';
import {
  ATTACHMENT_TRIES,
  ATTACHMENTS_RETRY_MS,
  RETRIES_LATER_BY,
  RETRY_AT_LEAST_EVERY_MS,
} from '../../domain/schedule.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { Database, Queryable } from '../database.ts';
import type { NewAttachment } from './message-insertion.ts';

/** A captured message whose attachments could not be listed. */
export interface UnreadAttachments {
  readonly messageId: string;
  readonly graphId: string;
}

/** For queries with an account's column: some of its lists of attachments are due for another try. */
export const isToBeReadAgain = sql<boolean>`(unread_attachments.retry_at <= now())`;

/** Messages whose list of attachments is due. */
export async function listUnreadAttachments(
  db: Queryable,
  accountId: string,
  limit: number,
): Promise<readonly UnreadAttachments[]> {
  return await db
    .selectFrom('unreadAttachments')
    .select(['messageId', 'graphId'])
    .where('accountId', '=', accountId)
    .where(isToBeReadAgain)
    .orderBy('retryAt')
    .limit(limit)
    .execute();
}

/** Stores the list of attachments of a message. Does nothing when another attempt was quicker. */
export async function storeReadAttachments(
  db: Database,
  messageId: string,
  attachments: readonly NewAttachment[],
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('unreadAttachments')
      .where('messageId', '=', messageId)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return;
    // Placeholders of attachments that were being scanned.
    await trx.deleteFrom('attachments').where('messageId', '=', messageId).execute();
    if (attachments.length === 0) return;
    await trx
      .insertInto('attachments')
      .values(
        attachments.map(({ name, contentType, contentId, ...attachment }, position) => ({
          ...attachment,
          messageId,
          position,
          name: storableText(name),
          contentType: contentType === undefined ? null : storableText(contentType),
          contentId: contentId === undefined ? null : storableText(contentId),
        })),
      )
      .execute();
    await trx.updateTable('messages').set({ hasAttachments: true }).where('id', '=', messageId).execute();
  });
}

/** The list could not be read again: tries later, and gives up after two weeks. */
export async function postponeUnreadAttachments(
  db: Queryable,
  messageId: string,
  code: string | undefined,
): Promise<void> {
  await db
    .updateTable('unreadAttachments')
    .set({
      attempts: sql`attempts + 1`,
      code: code ?? null,
      retryAt: sql`case when attempts >= ${ATTACHMENT_TRIES}::integer then 'infinity' else now() + least(
        ${RETRY_AT_LEAST_EVERY_MS}::float8,
        ${ATTACHMENTS_RETRY_MS} * power(${RETRIES_LATER_BY}::float8, least(attempts, 10))
      ) * interval '1 millisecond' end`,
    })
    .where('messageId', '=', messageId)
    .execute();
}
