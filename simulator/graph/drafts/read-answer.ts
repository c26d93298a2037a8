import { htmlFromText } from '../../mail/convert-body.ts';
import { quoteMail } from '../../mail/quote-mail.ts';
import { readMime } from '../../mail/read-mime.ts';
import type { MailAttachment, MailHeader } from '../../mail/received-mail.ts';
import { continueConversation } from '../conversation-index.ts';
import type { GraphContext, MailboxCall } from '../graph-context.ts';
import { badRequest } from '../graph-error.ts';
import { checkIsObject, readParameters } from '../routes/find-in-call.ts';
import type { StoredMessage } from '../stored-message.ts';
import { type AnswerKind, envelopeOf } from './answer-of.ts';
import type { NewDraft } from './create-draft.ts';
import { REFERENCES } from './extended-property-id.ts';
import { EMPTY_MAIL } from './read-draft.ts';
import { readJsonDraft, readMimeDraft, threadProperties } from './read-new-message.ts';
import { readText } from './read-values.ts';
import { address, addresses } from './read-written-mail.ts';

/** The draft of an answer: what Exchange makes of the original, and what the request adds to it. */
export async function readAnswer(
  context: GraphContext,
  call: MailboxCall,
  kind: AnswerKind,
  original: StoredMessage,
): Promise<NewDraft> {
  const index = Buffer.from(String(original.content.conversationIndex), 'base64');
  const thread = { conversation: original.conversation, index: continueConversation(index, new Date()) };
  if (typeof call.body === 'string') return { ...(await readMimeDraft(call.body)), thread };
  const { comment, message, toRecipients } = readAnswerParameters(call.body);
  if (comment !== undefined && message.body !== undefined) {
    throw badRequest('Comment and the body of the message cannot both be specified.');
  }
  if (toRecipients !== undefined && message.toRecipients !== undefined) {
    throw badRequest('ToRecipients and the recipients of the message cannot both be specified.');
  }
  const { address: ownAddress, displayName, aliases } = call.user;
  const own = { name: displayName, address: ownAddress };
  const html = quoteMail(comment === undefined ? '' : readText('comment', comment), quotedOf(context, original));
  const extended = threadProperties(referencesOf(context, original));
  const mail = {
    ...EMPTY_MAIL,
    ...envelopeOf(kind, original, new Set([ownAddress, ...aliases])),
    from: own,
    sender: own,
    html,
    attachments: await attachmentsOf(context, kind, original, html),
  };
  const request = { ...message, ...(toRecipients === undefined ? {} : { toRecipients }) };
  return await readJsonDraft(request, { mail, mime: null, extended, others: {}, thread });
}

function readAnswerParameters(body: unknown = {}) {
  const [comment, toRecipients, message] = readParameters(body, 'comment', 'toRecipients', 'message');
  return { comment, toRecipients, message: message === undefined || message === null ? {} : checkIsObject(message) };
}

function quotedOf({ messages }: GraphContext, original: StoredMessage) {
  const { content } = original;
  const { html, text } = messages.readBody(original);
  return {
    from: address(content.from),
    sentAt: new Date(String(content.sentDateTime)),
    to: addresses(content.toRecipients),
    cc: addresses(content.ccRecipients),
    subject: String(content.subject ?? ''),
    html: html ?? htmlFromText(text ?? ''),
  };
}

/** The Message-IDs of the thread up to the original. */
function referencesOf({ messages, extendedProperties }: GraphContext, original: StoredMessage): string[] {
  const headers = messages.readHeaders(original) as MailHeader[];
  const written = ['references', 'in-reply-to'].map(
    (wanted) => headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? '',
  );
  const kept = extendedProperties.list(original.id).find(({ key }) => key === REFERENCES)?.value ?? '';
  const earlier = `${written.join(' ')} ${kept}`.match(/<[^<>\s]+>/g) ?? [];
  return [...new Set([...earlier, String(original.content.internetMessageId)])];
}

/** A forward takes all attachments along, a reply only the pictures that its quote shows. */
async function attachmentsOf(
  { attachments }: GraphContext,
  kind: AnswerKind,
  original: StoredMessage,
  html: string,
): Promise<MailAttachment[]> {
  const isShown = (contentId: string | null): boolean => contentId !== null && html.includes(`cid:${contentId}`);
  const kept = attachments
    .list(original)
    .filter((each) => kind === 'forward' || (each.isInline && isShown(each.contentId)));
  return await Promise.all(
    kept.map(async (each) => {
      const attachment = attachments.readMail(each);
      return each.isItem ? { ...attachment, message: await readMime(attachment.content) } : attachment;
    }),
  );
}
