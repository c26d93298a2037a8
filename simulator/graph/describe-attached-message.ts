import { framedHtml, htmlFromText } from '../mail/convert-body.ts';
import type { ReceivedMail } from '../mail/received-mail.ts';
import { startConversation } from './conversation-index.ts';
import { describeMail, wholeSeconds } from './describe-mail.ts';

/**
 * The item of an itemAttachment: the message is in no folder, so its id is empty
 * (learn.microsoft.com/graph/api/attachment-get).
 */
export function describeAttachedMessage(mail: ReceivedMail, receivedAt: Date): Record<string, unknown> {
  const { '@odata.type': type = '#microsoft.graph.message', ...properties } = describeMail(mail, receivedAt);
  const { index } = startConversation(mail.sentAt ?? receivedAt);
  return {
    '@odata.type': type,
    id: '',
    createdDateTime: wholeSeconds(receivedAt),
    lastModifiedDateTime: wholeSeconds(receivedAt),
    receivedDateTime: wholeSeconds(mail.sentAt ?? receivedAt),
    ...properties,
    internetMessageId: mail.messageId,
    conversationIndex: index.toString('base64'),
    isRead: false,
    internetMessageHeaders: mail.headers,
    body: {
      contentType: 'html',
      content: mail.html === null ? htmlFromText(mail.text ?? '') : framedHtml(mail.html),
    },
  };
}
