import type { ContentSource, SourceAttachment } from '../../database/content/content-sources.ts';
import type { Queryable } from '../../database/database.ts';
import { payRequests } from '../../database/ingest/mailbox-budgets.ts';
import { cutFileName } from '../../domain/cut-file-name.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { cutText, MOST_NAME_CHARACTERS } from '../../domain/message-limits.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { MailboxClient } from '../../graph/mail/mailbox-operations.ts';

export interface OpenContent {
  readonly db: Queryable;
  readonly mailbox: MailboxClient;
  readonly signal: AbortSignal;
}

/**
 * Opens content in the mailbox. Where the mail is no longer there under the id of its capture, looks for it under those
 * under which it came again. Throws MessageRejected (`gone-before-read`) when it is nowhere.
 */
export async function openContent(source: ContentSource, how: OpenContent): Promise<AsyncIterable<Uint8Array>> {
  const { attachment, graphIds, accountId } = source;
  const { mailbox, signal, db } = how;
  const [captured = '', ...copies] = graphIds;
  await pay(db, accountId, 1);
  try {
    return await mailbox.openContent({ messageId: captured, attachmentId: attachment?.graphId }, signal);
  } catch (error) {
    if (!isGone(error)) throw error;
    // The id of an attachment may change without that of its message.
    const places = attachment ? graphIds : copies;
    for (const messageId of places) {
      const found = await openAt(messageId, attachment, { ...how, accountId });
      if (found) return found;
    }
    throw error;
  }
}

async function openAt(
  messageId: string,
  attachment: SourceAttachment | undefined,
  { db, mailbox, signal, accountId }: OpenContent & { readonly accountId: string },
): Promise<AsyncIterable<Uint8Array> | undefined> {
  await pay(db, accountId, 2);
  try {
    if (!attachment) return await mailbox.openContent({ messageId }, signal);
    const listed = await mailbox.readAttachments(messageId, signal);
    const same = listed.find(
      ({ name, kind, size }) => isNameOf(attachment, name) && kind === attachment.kind && size === attachment.size,
    );
    return same && (await mailbox.openContent({ messageId, attachmentId: same.id }, signal));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** As it is stored. Earlier releases cut the end of long names. */
function isNameOf(attachment: SourceAttachment, name: string): boolean {
  return [cutFileName(name), cutText(name, MOST_NAME_CHARACTERS)].map(storableText).includes(attachment.name);
}

function isGone(error: unknown): boolean {
  return isFailure(error, 'MessageRejected') && error.reason === 'gone-before-read';
}

/** Counts requests against the mailbox's budget. Throws Throttled when it is used up. */
export async function pay(db: Queryable, accountId: string, requests: number): Promise<void> {
  const { paid, nextInMs } = await payRequests(db, accountId, requests);
  if (paid >= requests) return;
  throw new Failure('Throttled', 'The mailbox has used up its requests of ten minutes', {
    reason: 'budget-used-up',
    retryAfterMs: nextInMs,
  });
}
