import { sql } from 'kysely';
import type { AutomaticKind } from '../../domain/automatic-mail.ts';
import type { ParkReason } from '../../domain/item-work.ts';
import type { LeftOut } from '../../domain/message-limits.ts';
import type { QueueTarget } from '../../domain/queue-target.ts';
import type { Decision } from '../../domain/routing.ts';
import type { TextForm } from '../../domain/text-form.ts';
import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';
import type { Header, ItemState, Mailbox, Recipients } from '../schema.ts';
import { effectiveState, isAnswered } from './item-state.ts';
import { findLostClaim, type LostClaim } from './lost-claims.ts';
import { newestMail } from './newest-mail.ts';

/** An item with what a list shows of its message. */
export interface ItemSummary {
  readonly id: string;
  /** Null: the message was deleted from Mailroom, at `contentDeletedAt`. */
  readonly messageId: string | null;
  readonly contentDeletedAt: Date | null;
  /** Null: in no queue. */
  readonly queueId: string | null;
  readonly queueName: string | null;
  /** Of the queue; null: none. */
  readonly target: QueueTarget | null;
  /** By a person. */
  readonly isAnswered: boolean;
  readonly accountId: string;
  readonly address: string;
  readonly state: ItemState;
  readonly decision: Decision;
  /** Empty when the message has none, or was deleted. */
  readonly subject: string;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  readonly hasAttachments: boolean;
  readonly receivedAt: Date;
  readonly queuedAt: Date;
  readonly claimedBy: string | null;
  readonly claimedByName: string | null;
  readonly claimedAt: Date | null;
  readonly leaseExpiresAt: Date | null;
  readonly completedAt: Date | null;
  readonly parkedBy: string | null;
  readonly parkedByName: string | null;
  readonly parkedAt: Date | null;
  readonly parkedUntil: Date | null;
  readonly parkReason: ParkReason | null;
  readonly assignedTo: string | null;
  readonly assignedToName: string | null;
  /** Null: until it is claimed. */
  readonly assignedUntil: Date | null;
  readonly movedBy: string | null;
  readonly movedByName: string | null;
  readonly movedAt: Date | null;
  readonly outcome: string | null;
  readonly tags: readonly string[];
  /** The item that this one is worked with. */
  readonly joinedTo: string | null;
  /** The newest mail of the conversation in its mailbox: the id of an item. */
  readonly newestMail: string;
  /** What sent the mail, if a program did. */
  readonly automatic: AutomaticKind | null;
}

/** Items joined with message, queue and account; the caller adds the filter. */
export function selectItemSummaries(db: Queryable) {
  return db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .leftJoin('queues', 'queues.id', 'items.queueId')
    .innerJoin('accounts', 'accounts.id', 'items.accountId')
    .select([
      'items.id',
      'items.messageId',
      'items.contentDeletedAt',
      'items.queueId',
      'queues.name as queueName',
      'queues.target',
      isAnswered.as('isAnswered'),
      'items.accountId',
      'accounts.address',
      effectiveState.as('state'),
      'items.decision',
      sql<string>`coalesce(messages.subject, '')`.as('subject'),
      'messages.fromName',
      'messages.fromAddress',
      sql<boolean>`coalesce(messages.has_attachments, false)`.as('hasAttachments'),
      'items.receivedAt',
      'items.queuedAt',
      'items.claimedBy',
      actorName('items.claimed_by').as('claimedByName'),
      'items.claimedAt',
      'items.leaseExpiresAt',
      'items.completedAt',
      'items.parkedBy',
      actorName('items.parked_by').as('parkedByName'),
      'items.parkedAt',
      'items.parkedUntil',
      'items.parkReason',
      'items.assignedTo',
      actorName('items.assigned_to').as('assignedToName'),
      'items.assignedUntil',
      'items.movedBy',
      actorName('items.moved_by').as('movedByName'),
      'items.movedAt',
      'items.outcome',
      'items.tags',
      'items.joinedTo',
      newestMail.as('newestMail'),
      'items.automatic',
    ]);
}

/** A captured message. */
export interface MessageView {
  readonly id: string;
  readonly internetMessageId: string | null;
  readonly conversationId: string | null;
  readonly subject: string;
  readonly from: Mailbox | null;
  readonly sender: Mailbox | null;
  readonly recipients: Recipients;
  readonly receivedAt: Date;
  readonly sentAt: Date | null;
  readonly capturedAt: Date;
  /** Null when there is none, or it is too large to be shown. */
  readonly bodyHtml: string | null;
  readonly htmlBytes: number | null;
  readonly bodyText: string;
  readonly textForm: TextForm;
  readonly headers: readonly Header[] | null;
  readonly importance: string;
  /** Null: none. */
  readonly leftOut: LeftOut | null;
  /** Address of the message in Outlook on the web; null: not known yet. */
  readonly webLink: string | null;
  readonly categories: readonly string[];
  /** What it is in a calendar; null: an ordinary mail. */
  readonly meeting: string | null;
  readonly attachments: readonly AttachmentView[];
  /** The mail server could not list its attachments; null: it could. */
  readonly unreadAttachments: UnreadAttachmentsView | null;
  /** When the mail came again under another id, earliest first: it was not queued again. */
  readonly copies: readonly { readonly foundAt: Date }[];
}

export interface UnreadAttachmentsView {
  /** Microsoft's own code. */
  readonly code: string | null;
  readonly since: Date;
}

export interface AttachmentView {
  readonly id: string;
  readonly kind: 'file' | 'item' | 'reference';
  readonly name: string;
  readonly contentType: string | null;
  /** Bytes, as the mail server counts. */
  readonly size: number;
  readonly isInline: boolean;
  /** The target of `cid:` in the HTML. */
  readonly contentId: string | null;
  /** By its bytes; null also before they were read. */
  readonly risk: string | null;
  /** Of the scanner; null: its bytes were not read, or no scanner is set up. */
  readonly verdict: string | null;
  readonly finding: string | null;
}

/** An item with its whole message. */
export interface ItemView {
  readonly item: ItemSummary;
  /** Undefined: deleted from Mailroom. */
  readonly message: MessageView | undefined;
  /** For a waiting item. */
  readonly lostClaim: LostClaim | undefined;
}

export async function findItem(db: Queryable, id: string): Promise<ItemView | undefined> {
  const item = await selectItemSummaries(db).where('items.id', '=', id).executeTakeFirst();
  if (!item) return undefined;
  const lostClaim = item.state === 'waiting' ? await findLostClaim(db, item) : undefined;
  const message = item.messageId === null ? undefined : await findMessage(db, item.messageId);
  return { item, message, lostClaim };
}

/** A program that moves a mail out and in all day creates many. */
const COPIES_SHOWN = 20;

/** Browsers do not format more in an acceptable time, and an answer is held in memory as a whole. */
const MOST_HTML_BYTES = 4_000_000;
/** The same limit as for text made from HTML (ingest/message/body-text.ts); plain-text mail is stored whole. */
const MOST_TEXT_CHARACTERS = 1_000_000;

const htmlBytes = sql<number | null>`octet_length(body_html)`.as('htmlBytes');
const shownHtml = sql<string | null>`case when octet_length(body_html) <= ${MOST_HTML_BYTES} then body_html end`.as(
  'bodyHtml',
);
const shownText = sql<string>`left(body_text, ${MOST_TEXT_CHARACTERS + 1})`.as('bodyText');

/** The HTML of an item's message. */
export interface HtmlOfItem {
  /** As received; null when there is none. */
  readonly html: string | null;
  /** The message was deleted from Mailroom. */
  readonly isDeleted: boolean;
}

/** Undefined when the item does not exist. */
export async function findHtml(db: Queryable, itemId: string): Promise<HtmlOfItem | undefined> {
  return await db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(['messages.bodyHtml as html', sql<boolean>`messages.id is null`.as('isDeleted')])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
}

async function findMessage(db: Queryable, id: string): Promise<MessageView | undefined> {
  const row = await db
    .selectFrom('messages')
    .select([
      'id',
      'internetMessageId',
      'conversationId',
      'subject',
      'fromName',
      'fromAddress',
      'sender',
      'recipients',
      'receivedAt',
      'sentAt',
      'capturedAt',
      'textForm',
      'leftOut',
      'headers',
      'importance',
      'webLink',
      'categories',
      'meeting',
    ])
    .select([shownHtml, htmlBytes, shownText])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return undefined;
  const { fromName, fromAddress, ...message } = row;
  const attachments = await db
    .selectFrom('attachments')
    .leftJoin('contents', (join) =>
      join.onRef('contents.attachmentId', '=', 'attachments.id').on('contents.completedAt', 'is not', null),
    )
    .select([
      'attachments.id',
      'kind',
      'name',
      'contentType',
      'attachments.size',
      'isInline',
      'contentId',
      'risk',
      'verdict',
      'finding',
    ])
    .where('attachments.messageId', '=', id)
    .orderBy('position')
    .execute();
  const unreadAttachments = await db
    .selectFrom('unreadAttachments')
    .select(['code', 'since'])
    .where('messageId', '=', id)
    .executeTakeFirst();
  const copies = await db
    .selectFrom('copies')
    .select('foundAt')
    .where('messageId', '=', id)
    .orderBy('foundAt')
    .limit(COPIES_SHOWN)
    .execute();
  const from =
    fromName === null && fromAddress === null
      ? null
      : { name: fromName ?? undefined, address: fromAddress ?? undefined };
  const { bodyText, textForm, ...rest } = message;
  const isCut = bodyText.length > MOST_TEXT_CHARACTERS;
  return {
    ...rest,
    bodyText: isCut ? bodyText.slice(0, MOST_TEXT_CHARACTERS) : bodyText,
    textForm: isCut && textForm === 'whole' ? 'cut' : textForm,
    from,
    attachments,
    unreadAttachments: unreadAttachments ?? null,
    copies,
  };
}

/** The subject of a message of an account. */
export async function findSubject(db: Queryable, accountId: string, messageId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('messages')
    .select('subject')
    .where('id', '=', messageId)
    .where('accountId', '=', accountId)
    .executeTakeFirst();
  return row?.subject;
}

/** A message with the queue that it went to. */
export interface RoutedMessageView {
  readonly id: string;
  readonly itemId: string;
  readonly subject: string;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  readonly receivedAt: Date;
  /** Null: in no queue. */
  readonly queueId: string | null;
  readonly queueName: string | null;
}

/** The newest messages of an account. */
export async function listRoutedMessages(
  db: Queryable,
  accountId: string,
  limit: number,
): Promise<readonly RoutedMessageView[]> {
  return await db
    .selectFrom('messages')
    .innerJoin('items', 'items.messageId', 'messages.id')
    .leftJoin('queues', 'queues.id', 'items.queueId')
    .select([
      'messages.id',
      'items.id as itemId',
      'messages.subject',
      'messages.fromName',
      'messages.fromAddress',
      'messages.receivedAt',
      'items.queueId',
      'queues.name as queueName',
    ])
    .where('messages.accountId', '=', accountId)
    .orderBy('messages.receivedAt', 'desc')
    .orderBy('messages.id', 'desc')
    .limit(limit)
    .execute();
}
