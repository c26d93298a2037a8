import pMap from 'p-map';
import type { NewAttachment, NewMessage } from '../../database/capture/message-insertion.ts';
import type { RejectedMessage } from '../../database/capture/quarantine.ts';
import type { MessagePreview } from '../../database/schema.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { MESSAGE_WITHIN_MS } from '../../domain/schedule.ts';
import type { DeltaEntry } from '../../graph/mail/delta-page.ts';
import type { MailMessage } from '../../graph/mail/mail-message.ts';
import type { MailboxClient } from '../../graph/mail/mailbox-client.ts';
import type { BodyText, BodyTexts } from './body-text.ts';
import { limitMessage } from './limit-message.ts';
import { createMessageBlame, type MessageBlame } from './message-blame.ts';

export interface PreparedPage {
  readonly messages: readonly NewMessage[];
  readonly rejected: readonly RejectedMessage[];
  /** Captured already. */
  readonly known: number;
  /** Received before the account's mail is captured. */
  readonly skipped: number;
  /** Ids of messages that disappeared before they could be read. */
  readonly gone: readonly string[];
  /** Ids of drafts, which are not mail yet. */
  readonly drafts: readonly string[];
}

export interface Preparation {
  readonly mailbox: MailboxClient;
  readonly bodyTexts: BodyTexts;
  /** Which of these messages are captured already. */
  readonly findKnown: (graphIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Mail received earlier will not be captured, so no more of it is read; null: all mail will. */
  readonly captureFrom: Date | null;
  readonly signal: AbortSignal;
  /** Each request is sent only once. */
  readonly isShort: boolean;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** Trouble with this mailbox has lasted, so many failing messages are no hiccup. */
  readonly hasLasted: () => Promise<boolean>;
  /** Times of receipt of messages known only by id, if a list gave them. */
  readonly receivedAt?: ReadonlyMap<string, Date> | undefined;
  /** The id of the inbox, if drafts in it count as mail; undefined: drafts never do. */
  readonly draftsIn?: string | undefined;
}

/**
 * Converts the entries of a delta page into messages that can be written. A page may name a message twice, report only
 * changes, or leave out headers and attachments: missing parts are read message by message, for new messages only.
 * Throws failures of the whole mailbox; a failure of one message rejects that message.
 */
export async function preparePage(entries: readonly DeltaEntry[], preparation: Preparation): Promise<PreparedPage> {
  const newest = new Map(entries.filter((entry) => entry.kind !== 'removed').map((entry) => [idOf(entry), entry]));
  const known = await preparation.findKnown([...newest.keys()]);
  for (const id of known) newest.delete(id);

  const messages: NewMessage[] = [];
  const rejected: RejectedMessage[] = [];
  const gone: string[] = [];
  const drafts: string[] = [];
  let skipped = 0;
  const { mailbox, bodyTexts, captureFrom, draftsIn } = preparation;
  const blame = createMessageBlame({ ...preparation, withinMs: MESSAGE_WITHIN_MS });
  const reading: Reading = { mailbox, bodyTexts, blame };
  await pMap(
    newest.values(),
    async (entry) => {
      try {
        const message = await messageOf(entry, reading);
        if (!message) gone.push(idOf(entry));
        else if (captureFrom && message.receivedAt && message.receivedAt < captureFrom) skipped++;
        else if (message.isDraft && draftsIn === undefined) drafts.push(message.id);
        else if (message.isDraft && message.folderId !== draftsIn) gone.push(message.id);
        else messages.push(await complete(message, reading));
      } catch (error) {
        if (!isFailure(error, 'MessageRejected')) throw error;
        const { reason = 'unreadable', code } = error;
        const preview = previewOf(entry) ?? (await knownOf(idOf(entry), preparation));
        const receivedAt = preview?.receivedAt === undefined ? undefined : new Date(preview.receivedAt);
        if (captureFrom && receivedAt && receivedAt < captureFrom) skipped++;
        else rejected.push({ graphId: idOf(entry), reason, code, preview });
      }
    },
    { concurrency: preparation.concurrency },
  );
  return { messages, rejected, known: known.size, skipped, gone, drafts };
}

/** Reads messages one by one that could not be captured before; messages that disappeared are rejected as such. */
export async function prepareAgain(
  graphIds: readonly string[],
  preparation: Pick<Preparation, 'mailbox' | 'bodyTexts' | 'signal' | 'isShort' | 'concurrency' | 'hasLasted'>,
): Promise<PreparedPage> {
  const page = await prepareListed(graphIds, { ...preparation, captureFrom: null });
  const gone = page.gone.map((graphId): RejectedMessage => ({ graphId, reason: 'gone-before-read' }));
  return { ...page, rejected: [...page.rejected, ...gone] };
}

/** Reads messages one by one that are known only by id, and not captured. */
export async function prepareListed(
  graphIds: readonly string[],
  preparation: Omit<Preparation, 'findKnown'>,
): Promise<PreparedPage> {
  const entries = graphIds.map((id) => ({ kind: 'partial', id }) as const);
  return await preparePage(entries, { ...preparation, findKnown: async () => new Set() });
}

interface Reading {
  readonly mailbox: MailboxClient;
  readonly bodyTexts: BodyTexts;
  readonly blame: MessageBlame;
}

type Arrival = Exclude<DeltaEntry, { kind: 'removed' }>;

/** Undefined when the message disappeared or was moved out of this folder before it could be read. */
async function messageOf(entry: Arrival, { mailbox, blame }: Reading): Promise<MailMessage | undefined> {
  switch (entry.kind) {
    case 'message':
      return entry.message;
    case 'partial':
      return await blame.ask((signal) => mailbox.readMessage(entry.id, signal));
    case 'unreadable':
      throw new Failure('MessageRejected', 'The message cannot be read', { reason: entry.reason });
  }
}

/** What the page reported of a message, so that a person recognises it in quarantine. */
function previewOf(entry: Arrival): MessagePreview | undefined {
  if (entry.kind === 'partial') return undefined;
  const known = entry.kind === 'message' ? { ...entry.message, text: entry.message.bodyPreview } : entry.preview;
  if (known === undefined) return undefined;
  const { subject, from, receivedAt, text } = known;
  return { subject, from, receivedAt: receivedAt?.toISOString(), text };
}

/** What a list reported, or what the message shows without its body. */
async function knownOf(
  id: string,
  { mailbox, signal, receivedAt }: Pick<Preparation, 'mailbox' | 'signal' | 'receivedAt'>,
): Promise<MessagePreview | undefined> {
  const told = await mailbox.readPreview(id, signal);
  const at = told?.receivedAt ?? receivedAt?.get(id);
  if (told === undefined && at === undefined) return undefined;
  return { ...told, receivedAt: at?.toISOString() };
}

function idOf(entry: Arrival): string {
  return entry.kind === 'message' ? entry.message.id : entry.id;
}

async function complete(message: MailMessage, reading: Reading): Promise<NewMessage> {
  const whole = message.headers ? message : await withHeaders(message, reading);
  const text = await reading.bodyTexts.of(whole.body);
  if (!mayHaveAttachments(whole)) return asNewMessage(whole, text, []);
  try {
    const attachments = await attachmentsOf(whole.id, reading);
    const complete = asNewMessage(whole, text, attachments);
    return attachments.some(isBeingScanned) ? { ...complete, unreadAttachments: { code: SCAN_IN_PROGRESS } } : complete;
  } catch (error) {
    // An unreadable attachment list loses the list, not the message. It is read again later.
    if (!isFailure(error, 'MessageRejected')) throw error;
    return { ...asNewMessage(whole, text, []), unreadAttachments: { code: error.code } };
  }
}

/**
 * The message with its headers; without them if it disappeared or cannot be read alone, because its content is here.
 */
async function withHeaders(message: MailMessage, { mailbox, blame }: Reading): Promise<MailMessage> {
  try {
    const whole = await blame.ask((signal) => mailbox.readMessage(message.id, signal));
    return { ...message, headers: whole?.headers };
  } catch (error) {
    if (isFailure(error, 'MessageRejected')) return message;
    throw error;
  }
}

/** `hasAttachments` does not count inline parts, and `isInline` is often wrong: `cid:` in the HTML shows them. */
function mayHaveAttachments({ hasAttachments, body }: MailMessage): boolean {
  return hasAttachments || (body.contentType === 'html' && body.content.includes('cid:'));
}

/** Why a list of attachments is read again although it could be read. */
export const SCAN_IN_PROGRESS = 'scan-in-progress';

/**
 * Defender for Office 365 delivers a message at once, with this placeholder for each attachment until it is scanned.
 */
export function isBeingScanned({ kind, name }: Pick<NewAttachment, 'kind' | 'name'>): boolean {
  return kind === 'item' && /^safe attachments scan in progress$/i.test(name.trim());
}

/** A message's attachments. Throws MessageRejected when they cannot be read. */
export async function attachmentsOf(
  messageId: string,
  { mailbox, blame }: Pick<Reading, 'mailbox' | 'blame'>,
): Promise<readonly NewAttachment[]> {
  const attachments = await blame.ask((signal) => mailbox.readAttachments(messageId, signal));
  return attachments.map(({ id, contentType, contentId, ...rest }) => ({
    ...rest,
    graphId: id,
    contentType,
    contentId,
  }));
}

function asNewMessage(message: MailMessage, text: BodyText, attachments: readonly NewAttachment[]): NewMessage {
  const { body, to, cc, bcc, replyTo } = message;
  return limitMessage({
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
    leftOut: undefined,
    webLink: message.webLink,
    categories: message.categories,
    meeting: message.meeting,
  });
}
