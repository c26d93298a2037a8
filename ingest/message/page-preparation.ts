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
  /** Ids of what was gone before anybody could read it. */
  readonly gone: readonly string[];
  /** Ids of drafts, which are no mail yet. */
  readonly drafts: readonly string[];
}

export interface Preparation {
  readonly mailbox: MailboxClient;
  readonly bodyTexts: BodyTexts;
  /** Which of these messages are captured already. */
  readonly findKnown: (graphIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Mail received earlier will not be captured: nothing more is read about it. */
  readonly captureFrom: Date | undefined;
  readonly signal: AbortSignal;
  /** Everything is asked for once only. */
  readonly isShort: boolean;
  /** Requests that may be in flight at a time. */
  readonly concurrency: number;
  /** Trouble with this mailbox has lasted, so that many failing messages are no hiccup. */
  readonly hasLasted: () => Promise<boolean>;
  /** When messages were received of which only the ids are known, where a list told. */
  readonly receivedAt?: ReadonlyMap<string, Date> | undefined;
  /** The id of the inbox, where drafts that lie there are mail; otherwise drafts are none. */
  readonly draftsIn?: string | undefined;
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

/** Reads messages one by one that nobody could capture before; those that are gone are rejected as such. */
export async function prepareAgain(
  graphIds: readonly string[],
  preparation: Pick<Preparation, 'mailbox' | 'bodyTexts' | 'signal' | 'isShort' | 'concurrency' | 'hasLasted'>,
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

/** How single messages are read. */
interface Reading {
  readonly mailbox: MailboxClient;
  readonly bodyTexts: BodyTexts;
  readonly blame: MessageBlame;
}

type Arrival = Exclude<DeltaEntry, { kind: 'removed' }>;

/** Undefined when it is gone again before anybody could read it, or was moved away: no longer this folder's. */
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

/** What the page told of a message, so that a person sees which one is in quarantine. */
function previewOf(entry: Arrival): MessagePreview | undefined {
  if (entry.kind === 'partial') return undefined;
  const known = entry.kind === 'message' ? { ...entry.message, text: entry.message.bodyPreview } : entry.preview;
  if (known === undefined) return undefined;
  const { subject, from, receivedAt, text } = known;
  return { subject, from, receivedAt: receivedAt?.toISOString(), text };
}

/** What a list told, or the message tells without its body. */
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
    // A list that the mail server cannot give costs the list, not the message. It is read again later.
    if (!isFailure(error, 'MessageRejected')) throw error;
    return { ...asNewMessage(whole, text, []), unreadAttachments: { code: error.code } };
  }
}

/** The message with its headers, or without them when it has left or cannot be read alone: its content is here. */
async function withHeaders(message: MailMessage, { mailbox, blame }: Reading): Promise<MailMessage> {
  try {
    const whole = await blame.ask((signal) => mailbox.readMessage(message.id, signal));
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

/** Why a list of attachments is read again although it could be read. */
export const SCAN_IN_PROGRESS = 'scan-in-progress';

/** Defender for Office 365 lets a mail through at once, with this in the place of each attachment until it is scanned. */
export function isBeingScanned({ kind, name }: Pick<NewAttachment, 'kind' | 'name'>): boolean {
  return kind === 'item' && /^safe attachments scan in progress$/i.test(name.trim());
}

/** What a message carries. Throws MessageRejected when that cannot be told. */
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
  });
}
