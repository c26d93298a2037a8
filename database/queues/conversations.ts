import { sql } from 'kysely';
import { isLimited, type Reach } from '../../domain/reach.ts';
import type { Queryable } from '../database.ts';
import { isWithin } from '../people/reach.ts';
import type { ItemState } from '../schema.ts';
import { effectiveState } from './item-state.ts';

/** A mail of a conversation, once, in however many mailboxes it arrived. */
export interface ConversationMail {
  readonly itemId: string;
  readonly accountId: string;
  readonly address: string;
  readonly queueId: string | null;
  readonly queueName: string | null;
  readonly state: ItemState;
  readonly subject: string;
  readonly fromName: string | null;
  readonly fromAddress: string | null;
  readonly receivedAt: Date;
  readonly hasAttachments: boolean;
  /** The beginning of its text. */
  readonly preview: string;
  /** The same mail in other mailboxes. */
  readonly alsoIn: readonly { readonly itemId: string; readonly address: string }[];
}

export interface ConversationView {
  /** Of the thread, oldest first. */
  readonly mails: readonly ConversationMail[];
  /** Other mail from the same sender, newest first. */
  readonly earlier: readonly ConversationMail[];
}

const PREVIEW_CHARACTERS = 240;
/** The newest of a conversation; mail of programs may have thousands. */
const MOST_MAILS = 100;
const MOST_EARLIER = 20;
/** A mail quotes the ids of its whole thread; RFC 5322 lets programs shorten the list. */
const MOST_REFERENCES = 200;

/**
 * The conversation of an item, as far as it is within a reach: the mails of its mailbox with the same conversation id; those that it refers to or that
 * refer to it in other mailboxes, by Message-ID; and what else the sender wrote. Undefined: there is no such item.
 *
 * Found by indexes alone: the conversation, then the Message-IDs that its mails name, then the conversations of what was
 * found elsewhere.
 */
export async function findConversation(
  db: Queryable,
  itemId: string,
  reach?: Reach,
): Promise<ConversationView | undefined> {
  const item = await db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(['items.messageId', 'messages.fromAddress'])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
  if (!item) return undefined;
  if (item.messageId === null) return { mails: [], earlier: [] };
  const own = await sameConversations(db, [item.messageId]);
  const elsewhere = await referredTo(db, [item.messageId, ...own]);
  const theirs = await sameConversations(db, elsewhere);
  const ids = new Set([item.messageId, ...own, ...elsewhere, ...theirs]);
  const mails = await readMails(db, [...ids], reach);
  const earlier =
    item.fromAddress === null ? [] : await readMails(db, await earlierOf(db, item.fromAddress, [...ids], reach), reach);
  return {
    mails: once(mails, itemId).toReversed().slice(-MOST_MAILS),
    earlier: once(earlier, itemId).slice(0, MOST_EARLIER),
  };
}

/** The newest messages with the conversation id of one of these, in its own mailbox. */
async function sameConversations(db: Queryable, messageIds: readonly string[]): Promise<readonly string[]> {
  if (messageIds.length === 0) return [];
  const { rows } = await sql<{ id: string }>`
    with conversations as (
      select distinct account_id, conversation_id from messages
      where id = any(${messageIds}::uuid[]) and conversation_id is not null
    )
    select mail.id from conversations cross join lateral (
      select id, received_at from messages
      where messages.account_id = conversations.account_id
        and hashtextextended(messages.conversation_id, 0) = hashtextextended(conversations.conversation_id, 0)
        and messages.conversation_id = conversations.conversation_id
      order by received_at desc limit ${MOST_MAILS}
    ) mail order by mail.received_at desc limit ${MOST_MAILS}
  `.execute(db);
  return rows.map(({ id }) => id);
}

/** Messages of any mailbox that are, or are named by, one of these. */
async function referredTo(db: Queryable, messageIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with named as (
      select internet_message_id as name from messages
      where id = any(${messageIds}::uuid[]) and internet_message_id is not null
      union
      select (regexp_matches(left(header ->> 'value', 20000), '<[^<>[:space:]]+>', 'g'))[1]
      from messages, jsonb_array_elements(coalesce(headers, '[]')) header
      where messages.id = any(${messageIds}::uuid[])
        and lower(header ->> 'name') in ('references', 'in-reply-to')
    )
    select messages.id from (select name from named limit ${MOST_REFERENCES}) named join messages
      on hashtextextended(internet_message_id, 0) = hashtextextended(named.name, 0) and internet_message_id = named.name
    limit ${MOST_MAILS}
  `.execute(db);
  return rows.map(({ id }) => id);
}

async function earlierOf(
  db: Queryable,
  from: string,
  except: readonly string[],
  reach: Reach | undefined,
): Promise<readonly string[]> {
  const within =
    reach !== undefined && isLimited(reach)
      ? sql`and exists (select from items where items.message_id = messages.id and ${isWithin(reach)})`
      : sql``;
  const { rows } = await sql<{ id: string }>`
    select id from messages
    where lower(from_address) = lower(${from}) and id <> all(${except}::uuid[]) ${within}
    order by received_at desc limit ${2 * MOST_EARLIER}
  `.execute(db);
  return rows.map(({ id }) => id);
}

interface MailRow extends Omit<ConversationMail, 'alsoIn'> {
  readonly internetMessageId: string | null;
}

/** Newest first. */
async function readMails(
  db: Queryable,
  messageIds: readonly string[],
  reach: Reach | undefined,
): Promise<readonly MailRow[]> {
  return await db
    .selectFrom('messages')
    .innerJoin('items', 'items.messageId', 'messages.id')
    .innerJoin('accounts', 'accounts.id', 'messages.accountId')
    .leftJoin('queues', 'queues.id', 'items.queueId')
    .select([
      'items.id as itemId',
      'messages.accountId',
      'accounts.address',
      'items.queueId',
      'queues.name as queueName',
      effectiveState.as('state'),
      'messages.subject',
      'messages.fromName',
      'messages.fromAddress',
      'messages.receivedAt',
      'messages.hasAttachments',
      sql<string>`left(body_text, ${PREVIEW_CHARACTERS})`.as('preview'),
      'messages.internetMessageId',
    ])
    .where('messages.id', '=', sql<string>`any(${messageIds}::uuid[])`)
    .where(isWithin(reach))
    .orderBy('messages.receivedAt', 'desc')
    .orderBy('messages.id', 'desc')
    .execute();
}

/**
 * Groups mails with one Message-ID and sender: the one of this item, else the first, stands for all. (A Message-ID alone
 * may be that of another mail: senders choose it.)
 */
function once(rows: readonly MailRow[], itemId: string): ConversationMail[] {
  const keyOf = ({ internetMessageId, fromAddress, itemId: id }: MailRow) =>
    internetMessageId === null ? id : JSON.stringify([internetMessageId, fromAddress?.toLowerCase()]);
  return [...Map.groupBy(rows, keyOf).values()].flatMap((same) => {
    const shown = same.find((row) => row.itemId === itemId) ?? same[0];
    if (!shown) return [];
    const { internetMessageId: _, ...mail } = shown;
    const others = same.filter((row) => row !== shown);
    return [{ ...mail, alsoIn: others.map(({ itemId: id, address }) => ({ itemId: id, address })) }];
  });
}
