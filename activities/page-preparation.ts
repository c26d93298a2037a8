import pMap from 'p-map';
import type { NewAttachment, NewMessage } from '../database/message-insertion.ts';
import type { RejectedMessage } from '../database/quarantine.ts';
import type { MessagePreview } from '../database/schema.ts';
import { Failure, isFailure } from '../domain/failure.ts';
import type { DeltaEntry } from '../graph/delta-page.ts';
import type { MailMessage } from '../graph/mail-message.ts';
import type { MailboxClient } from '../graph/mailbox-client.ts';
import type { BodyText, BodyTexts } from './body-text.ts';

/** Microsoft allows four requests at a time for each mailbox; one stays free for whatever else reads it. */
const CONCURRENT_READS = 3;

export interface PreparedPage {
  readonly messages: readonly NewMessage[];
  readonly rejected: readonly RejectedMessage[];
  /** Captured already. */
  readonly known: number;
  /** Received before the account's mail is captured. */
  readonly skipped: number;
  /** Ids of what was gone before anybody could read it. */
  readonly gone: readonly string[];
}

export interface Preparation {
  readonly mailbox: MailboxClient;
  readonly bodyTexts: BodyTexts;
  /** Which of these messages are captured already. */
  readonly findKnown: (graphIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Mail received earlier will not be captured: nothing more is read about it. */
  readonly captureFrom: Date | undefined;
  readonly signal: AbortSignal;
}

/**
 * Turns the entries of a delta page into messages that can be written. A page may name a message twice, tell only what
 * changed, or leave out headers and attachments: what is missing is read message by message, for new messages only.
 * Throws what hinders the whole mailbox; what hinders one message rejects that one.
 */
export async function preparePage(entries: readonly DeltaEntry[], preparation: Preparation): Promise<PreparedPage> {
  const newest = new Map(entries.filter((entry) => entry.kind !== 'removed').map((entry) => [idOf(entry), entry]));
  const known = await preparation.findKnown([...newest.keys()]);
  for (const id of known) newest.delete(id);

  const messages: NewMessage[] = [];
  const rejected: RejectedMessage[] = [];
  const gone: string[] = [];
  let skipped = 0;
  const { mailbox, bodyTexts, captureFrom, signal } = preparation;
  await pMap(
    newest.values(),
    async (entry) => {
      try {
        const message = await messageOf(entry, mailbox, signal);
        if (!message) gone.push(idOf(entry));
        else if (message.isDraft) return;
        else if (captureFrom && message.receivedAt && message.receivedAt < captureFrom) skipped++;
        else messages.push(await complete(message, mailbox, bodyTexts, signal));
      } catch (error) {
        if (!isFailure(error, 'MessageRejected')) throw error;
        const { reason = 'unreadable', code } = error;
        rejected.push({ graphId: idOf(entry), reason, code, preview: previewOf(entry) });
      }
    },
    { concurrency: CONCURRENT_READS },
  );
  return { messages, rejected, known: known.size, skipped, gone };
}

/** Reads messages one by one that nobody could capture before; those that are gone are rejected as such. */
export async function prepareAgain(
  graphIds: readonly string[],
  preparation: Pick<Preparation, 'mailbox' | 'bodyTexts' | 'signal'>,
): Promise<PreparedPage> {
  const page = await prepareListed(graphIds, { ...preparation, captureFrom: undefined });
  const gone = page.gone.map((graphId): RejectedMessage => ({ graphId, reason: 'gone-before-read' }));
  return { ...page, rejected: [...page.rejected, ...gone] };
}

/** Reads messages one by one of which only the ids are known, and that nobody has captured. */
export async function prepareListed(
  graphIds: readonly string[],
  preparation: Omit<Preparation, 'findKnown'>,
): Promise<PreparedPage> {
  const entries = graphIds.map((id) => ({ kind: 'partial', id }) as const);
  return await preparePage(entries, { ...preparation, findKnown: async () => new Set() });
}

type Arrival = Exclude<DeltaEntry, { kind: 'removed' }>;

/** Undefined when it is gone again before anybody could read it, or was moved away: no longer this folder's. */
async function messageOf(
  entry: Arrival,
  mailbox: MailboxClient,
  signal: AbortSignal,
): Promise<MailMessage | undefined> {
  switch (entry.kind) {
    case 'message':
      return entry.message;
    case 'partial':
      return await mailbox.readMessage(entry.id, signal);
    case 'unreadable':
      throw new Failure('MessageRejected', 'The message cannot be read', { reason: entry.reason });
  }
}

/** What the page told of a message, so that a person sees which one is in quarantine. */
function previewOf(entry: Arrival): MessagePreview | undefined {
  if (entry.kind === 'partial') return undefined;
  const known = entry.kind === 'message' ? { ...entry.message, text: entry.message.bodyPreview } : entry.preview;
  if (known === undefined) return undefined;
  const { subject, from, receivedAt, text } = known;
  return { subject, from, receivedAt: receivedAt?.toISOString(), text };
}

function idOf(entry: Arrival): string {
  return entry.kind === 'message' ? entry.message.id : entry.id;
}

async function complete(
  message: MailMessage,
  mailbox: MailboxClient,
  bodyTexts: BodyTexts,
  signal: AbortSignal,
): Promise<NewMessage> {
  const whole = message.headers ? message : await withHeaders(message, mailbox, signal);
  const attachments = mayHaveAttachments(whole) ? await attachmentsOf(whole, mailbox, signal) : [];
  return asNewMessage(whole, await bodyTexts.of(whole.body), attachments);
}

/** The message with its headers, or without them when it has left or cannot be read alone: its content is here. */
async function withHeaders(message: MailMessage, mailbox: MailboxClient, signal: AbortSignal): Promise<MailMessage> {
  try {
    const whole = await mailbox.readMessage(message.id, signal);
    return { ...message, headers: whole?.headers };
  } catch (error) {
    if (isFailure(error, 'MessageRejected')) return message;
    throw error;
  }
}

/** `hasAttachments` does not count inline parts, and `isInline` is often wrong: `cid:` in the HTML tells of them. */
function mayHaveAttachments({ hasAttachments, body }: MailMessage): boolean {
  return hasAttachments || (body.contentType === 'html' && body.content.includes('cid:'));
}

async function attachmentsOf(
  message: MailMessage,
  mailbox: MailboxClient,
  signal: AbortSignal,
): Promise<readonly NewAttachment[]> {
  try {
    const attachments = await mailbox.readAttachments(message.id, signal);
    return attachments.map(({ id, contentType, contentId, ...rest }) => ({
      ...rest,
      graphId: id,
      contentType,
      contentId,
    }));
  } catch (error) {
    // A list that the mail server cannot give costs the list, not the message.
    if (isFailure(error, 'MessageRejected')) return [];
    throw error;
  }
}

function asNewMessage(message: MailMessage, text: BodyText, attachments: readonly NewAttachment[]): NewMessage {
  const { body, to, cc, bcc, replyTo } = message;
  return {
    graphId: message.id,
    changeKey: message.changeKey,
    internetMessageId: message.internetMessageId,
    conversationId: message.conversationId,
    subject: message.subject,
    from: message.from,
    sender: message.sender,
    recipients: { to, cc, bcc, replyTo },
    receivedAt: message.receivedAt ?? new Date(),
    sentAt: message.sentAt,
    bodyHtml: body.contentType === 'html' ? body.content : undefined,
    bodyText: text.text,
    textForm: text.form,
    headers: message.headers,
    importance: message.importance,
    hasAttachments: message.hasAttachments || attachments.length > 0,
    attachments,
  };
}
