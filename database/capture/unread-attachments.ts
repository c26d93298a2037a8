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

/** For queries in which an account's column is named: some of its lists of attachments are due to be read again. */
export const isToBeReadAgain = sql<boolean>`(unread_attachments.retry_at <= now())`;

/** Those that are to be read again now. */
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

/** The list was read: the message has its attachments now. Does nothing when another attempt was quicker. */
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
    // What stood for them while they were scanned.
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

/** The list could not be read again: later, and after two weeks not any more. */
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
