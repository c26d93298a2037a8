import { sql } from 'kysely';
import type { Queryable } from '../database.ts';
import { takeMailboxTurn } from '../mailbox-turn.ts';

/** Of mail that arrives in the order in which it was captured, one would do; conversations of programs have thousands. */
const MAILS_COMPARED = 20;

/** As text, because `max` of it reads the few rows; ordered by the id itself, PostgreSQL may walk the whole table. */
const newestOf = (id: string) => sql`max(${sql.ref(id)}::text)::uuid`;

/** The newest mail that is worked with the item; null: none. */
const newestJoined = sql<string | null>`(
  select ${newestOf('joined.id')} from items joined where joined.joined_to = items.id and joined.state = 'joined'
)`;

/** The newest item of the conversation, among those whose mail would wake a parked one; null: none. */
const newestOfConversation = sql<string | null>`(
  select ${newestOf('other.id')} from (
    select mail.id from messages mail
    where mail.account_id = items.account_id
      and hashtextextended(mail.conversation_id, 0) = hashtextextended(messages.conversation_id, 0)
      and mail.conversation_id = messages.conversation_id
    order by mail.received_at desc limit ${MAILS_COMPARED}
  ) mail join items other on other.message_id = mail.id
  where other.automatic is null or other.automatic = 'report'
)`;

/**
 * The newest mail of what an agent sees with the item, as the id of its own item: ids grow with each capture of a
 * mailbox. Selected from `items` and `messages`.
 */
export const newestMail = sql<string>`greatest(items.id, ${newestJoined}, ${newestOfConversation})`;

/**
 * True where a mail was captured after the one that the agent saw as the newest. `joined`: one that a completion would
 * complete as well. `conversation`: any that a parked item has to wake for.
 */
export async function hasNewMail(
  db: Queryable,
  itemId: string,
  among: 'joined' | 'conversation',
  seenThrough: string | undefined,
): Promise<boolean> {
  if (seenThrough === undefined) return false;
  const newest = among === 'joined' ? newestJoined : newestMail;
  const row = await db
    .selectFrom('items')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(sql<boolean>`coalesce(${newest} > ${seenThrough}::uuid, false)`.as('isNewer'))
    .where('items.id', '=', itemId)
    .executeTakeFirst();
  return row?.isNewer === true;
}

/** Waits until no mail is being captured in the item's mailbox, and keeps captures waiting until the transaction ends. */
export async function holdCaptures(db: Queryable, itemId: string): Promise<void> {
  await db
    .selectFrom('items')
    .innerJoin('accounts', 'accounts.id', 'items.accountId')
    .select(takeMailboxTurn.as('turn'))
    .where('items.id', '=', itemId)
    .execute();
}
