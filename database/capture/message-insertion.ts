import { sql } from 'kysely';
import { findAutomatic } from '../../domain/automatic-mail.ts';
import type { LeftOut } from '../../domain/message-limits.ts';
import type { Router } from '../../domain/routing.ts';
import { ATTACHMENTS_RETRY_MS } from '../../domain/schedule.ts';
import { storableText } from '../../domain/storable-text.ts';
import type { TextForm } from '../../domain/text-form.ts';
import type { Queryable } from '../database.ts';
import type { AttachmentsTable, Header, Mailbox, Recipients } from '../schema.ts';
import { followConversations, isFollowed } from './follow-conversations.ts';

/** A message to capture: decoded text, any character. */
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
  readonly textForm: TextForm;
  readonly headers: readonly Header[] | undefined;
  readonly importance: string;
  readonly hasAttachments: boolean;
  readonly attachments: readonly NewAttachment[];
  /** The list of attachments could not be read, and is read again later. `code`: Microsoft's own. */
  readonly unreadAttachments?: { readonly code: string | undefined } | undefined;
  readonly leftOut: LeftOut | undefined;
  /** Address of the message in Outlook on the web. */
  readonly webLink?: string | undefined;
  /** Names that Outlook shows in colour. */
  readonly categories?: readonly string[] | undefined;
  /** What the message is in a calendar: `request`, `response` or `notice`. */
  readonly meeting?: string | undefined;
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
 * Inserts the messages that the account does not have yet, each with its attachments and an item in the queue that the
 * router names (in none where it names none), and releases them from quarantine. Returns the number of new messages.
 * Mail that a program dated into the future waits from now on: otherwise it would never be the oldest of its queue.
 * One statement whose text does not depend on their number: with a parameter for each value, 850 for a page of 50,
 * kysely alone took 6 % of a capturing worker's time, now half of it.
 */
export async function insertMessages(
  db: Queryable,
  accountId: string,
  messages: readonly NewMessage[],
  router: Router,
): Promise<number> {
  if (messages.length === 0) return 0;
  const of = <Value>(value: (message: NewMessage) => Value) => messages.map(value);
  const decisions = of((message) => router.decide(message));
  const attachments = messages.flatMap(({ graphId, attachments }) =>
    attachments.map((attachment, position) => ({ ...attachment, messageGraphId: graphId, position })),
  );
  const graphIds = of(({ graphId }) => graphId);
  const unread = messages.filter(({ unreadAttachments }) => unreadAttachments);
  const received = of(({ receivedAt }) => receivedAt);
  // Left out where a page has none, as most have: their triggers run for no row as well.
  const attached =
    attachments.length === 0
      ? sql``
      : sql`, attached as (
      insert into attachments (
        message_id, position, graph_id, kind, name, content_type, size, is_inline, content_id
      )
      select inserted.id, position, attachment.graph_id, kind, name, content_type, size, is_inline, content_id
      from inserted join unnest(
        ${attachments.map(({ messageGraphId }) => messageGraphId)}::text[],
        ${attachments.map(({ position }) => position)}::integer[],
        ${attachments.map(({ graphId }) => graphId)}::text[], ${attachments.map(({ kind }) => kind)}::text[],
        ${attachments.map(({ name }) => storableText(name))}::text[],
        ${attachments.map(({ contentType }) => textOrNull(contentType))}::text[],
        ${attachments.map(({ size }) => size)}::bigint[], ${attachments.map(({ isInline }) => isInline)}::boolean[],
        ${attachments.map(({ contentId }) => textOrNull(contentId))}::text[]
      ) as attachment (
        message_graph_id, position, graph_id, kind, name, content_type, size, is_inline, content_id
      ) on attachment.message_graph_id = inserted.graph_id
    )`;
  const unreadNoted =
    unread.length === 0
      ? sql``
      : sql`, unread as (
      insert into unread_attachments (message_id, account_id, graph_id, code, retry_at)
      select inserted.id, ${accountId}, graph_id, code, now() + ${ATTACHMENTS_RETRY_MS} * interval '1 millisecond'
      from inserted join unnest(
        ${unread.map(({ graphId }) => graphId)}::text[],
        ${unread.map(({ unreadAttachments }) => textOrNull(unreadAttachments?.code))}::text[]
      ) as unread (graph_id, code) using (graph_id)
    )`;
  const { rows } = await sql<{ inserted: number; followsConversations: boolean }>`
    with inserted as (
      insert into messages (
        account_id, graph_id, change_key, internet_message_id, conversation_id, subject, from_name, from_address,
        sender, recipients, received_at, sent_at, body_html, body_text, text_form, headers, importance, has_attachments, left_out,
        web_link, categories, meeting
      )
      select ${accountId}, * from unnest(
        ${graphIds}::text[], ${of(({ changeKey }) => textOrNull(changeKey))}::text[],
        ${of(({ internetMessageId }) => textOrNull(internetMessageId))}::text[],
        ${of(({ conversationId }) => textOrNull(conversationId))}::text[],
        ${of(({ subject }) => storableText(subject))}::text[],
        ${of(({ from }) => textOrNull(from?.name))}::text[], ${of(({ from }) => textOrNull(from?.address))}::text[],
        ${of(({ sender }) => jsonOrNull(sender))}::jsonb[], ${of(({ recipients }) => jsonOrNull(recipients))}::jsonb[],
        ${received}::timestamptz[], ${of(({ sentAt }) => sentAt ?? null)}::timestamptz[],
        ${of(({ bodyHtml }) => textOrNull(bodyHtml))}::text[], ${of(({ bodyText }) => storableText(bodyText))}::text[],
        ${of(({ textForm }) => textForm)}::text[],
        ${of(({ headers }) => jsonOrNull(headers))}::jsonb[],
        ${of(({ importance }) => storableText(importance))}::text[],
        ${of(({ hasAttachments }) => hasAttachments)}::boolean[], ${of(({ leftOut }) => jsonOrNull(leftOut))}::jsonb[],
        ${of(({ webLink }) => textOrNull(webLink))}::text[],
        ${of(({ categories = [] }) => jsonOrNull(categories))}::jsonb[],
        ${of(({ meeting }) => textOrNull(meeting))}::text[]
      )
      on conflict (account_id, graph_id) do nothing
      returning id, graph_id
    ), queued as (
      insert into items (message_id, account_id, queue_id, decision, received_at, automatic, state)
      select inserted.id, ${accountId}, item.queue_id, item.decision, least(item.received_at, now()), item.automatic,
        case when item.queue_id is null then 'unqueued' else 'waiting' end
      from inserted join unnest(
        ${graphIds}::text[], ${decisions.map(({ queueId }) => queueId)}::uuid[],
        ${decisions.map((decision) => JSON.stringify(decision))}::jsonb[], ${received}::timestamptz[],
        ${of((message) => findAutomatic(message)?.kind ?? null)}::text[]
      ) as item (graph_id, queue_id, decision, received_at, automatic) using (graph_id)
    )${attached}${unreadNoted}, released as (
      update quarantine set state = 'resolved', preview = null, last_at = now()
      where account_id = ${accountId} and graph_id = any(${graphIds}) and state <> 'resolved'
    )
    select count(*) as inserted, ${isFollowed(accountId)} as follows_conversations from inserted
  `.execute(db);
  const { inserted = 0, followsConversations = false } = rows[0] ?? {};
  if (inserted > 0 && followsConversations) await followConversations(db, accountId, graphIds);
  return inserted;
}

const textOrNull = (text: string | undefined) => (text === undefined ? null : storableText(text));

/** jsonb refuses escaped NULs and lone surrogates, as text columns refuse the characters. */
function jsonOrNull(value: unknown): string | null {
  if (value === undefined) return null;
  const json = JSON.stringify(value);
  // Rare: a replacer for every text would cost several times the rest.
  if (!REFUSED_ESCAPE.test(json)) return json;
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? storableText(inner) : inner));
}
/** Also matches a literal backslash before such letters in the text: then the replacer changes nothing. */
const REFUSED_ESCAPE = /\\u(0000|d[89a-f])/;
