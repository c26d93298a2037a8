import type { Router } from '../domain/routing.ts';
import { storableText } from '../domain/storable-text.ts';
import type { Queryable } from './database.ts';
import type { AttachmentsTable, Header, Mailbox, Recipients } from './schema.ts';

/** A message as it is captured: decoded text, any character. */
export interface NewMessage {
  readonly graphId: string;
  readonly changeKey: string | undefined;
  readonly internetMessageId: string | undefined;
  readonly conversationId: string | undefined;
  readonly subject: string;
  readonly from: Mailbox | undefined;
  readonly sender: Mailbox | undefined;
  readonly recipients: Recipients;
  readonly receivedAt: Date;
  readonly sentAt: Date | undefined;
  readonly bodyHtml: string | undefined;
  readonly bodyText: string;
  readonly headers: readonly Header[] | undefined;
  readonly importance: string;
  readonly hasAttachments: boolean;
  readonly attachments: readonly NewAttachment[];
}

export interface NewAttachment {
  readonly graphId: string;
  readonly kind: AttachmentsTable['kind'];
  readonly name: string;
  readonly contentType: string | undefined;
  /** Bytes. */
  readonly size: number;
  readonly isInline: boolean;
  readonly contentId: string | undefined;
}

/**
 * Inserts the messages that the account does not have yet, with an item each in the queue that the router names, and
 * their attachments. Returns how many were new. Three statements, however many messages.
 */
export async function insertMessages(
  db: Queryable,
  accountId: string,
  messages: readonly NewMessage[],
  router: Router,
): Promise<number> {
  if (messages.length === 0) return 0;
  const inserted = await db
    .insertInto('messages')
    .values(messages.map((message) => messageRow(accountId, message)))
    .onConflict((conflict) => conflict.columns(['accountId', 'graphId']).doNothing())
    .returning(['id', 'graphId'])
    .execute();
  if (inserted.length === 0) return 0;

  const byGraphId = new Map(messages.map((message) => [message.graphId, message]));
  const fresh = inserted.map(({ id, graphId }) => ({ id, message: byGraphId.get(graphId) as NewMessage }));
  await db
    .insertInto('items')
    .values(
      fresh.map(({ id, message }) => {
        const decision = router.decide(message.subject);
        return {
          messageId: id,
          accountId,
          queueId: decision.queueId,
          decision: JSON.stringify(decision),
          receivedAt: message.receivedAt,
        };
      }),
    )
    .execute();
  const attachments = fresh.flatMap(({ id, message }) =>
    message.attachments.map((attachment, index) => attachmentRow(id, index, attachment)),
  );
  if (attachments.length > 0) await db.insertInto('attachments').values(attachments).execute();
  return inserted.length;
}

function messageRow(accountId: string, message: NewMessage) {
  return {
    accountId,
    graphId: message.graphId,
    changeKey: textOrNull(message.changeKey),
    internetMessageId: textOrNull(message.internetMessageId),
    conversationId: textOrNull(message.conversationId),
    subject: storableText(message.subject),
    fromName: textOrNull(message.from?.name),
    fromAddress: textOrNull(message.from?.address),
    sender: message.sender ? json(message.sender) : null,
    recipients: json(message.recipients),
    receivedAt: message.receivedAt,
    sentAt: message.sentAt ?? null,
    bodyHtml: textOrNull(message.bodyHtml),
    bodyText: storableText(message.bodyText),
    headers: message.headers ? json(message.headers) : null,
    importance: storableText(message.importance),
    hasAttachments: message.hasAttachments,
  };
}

function attachmentRow(messageId: string, position: number, attachment: NewAttachment) {
  return {
    messageId,
    position,
    graphId: attachment.graphId,
    kind: attachment.kind,
    name: storableText(attachment.name),
    contentType: textOrNull(attachment.contentType),
    size: attachment.size,
    isInline: attachment.isInline,
    contentId: textOrNull(attachment.contentId),
  };
}

const textOrNull = (text: string | undefined) => (text === undefined ? null : storableText(text));

/** jsonb refuses the escape of NUL and lone surrogates as text columns refuse the characters. */
const json = (value: unknown) =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? storableText(inner) : inner));
