import { type RawBuilder, sql } from 'kysely';
import type { AutomaticKind } from '../../domain/automatic-mail.ts';
import { type ConversationRule, KEPT_FOR_PERSON_HOURS } from '../../domain/item-work.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Queryable } from '../database.ts';
import { notClaimed } from '../queues/item-state.ts';
import { wakeByMail } from '../queues/park-items.ts';
import type { ItemState } from '../schema.ts';

/** A conversation that was completed longer ago is not opened again: what is written now is another matter, in days. */
const REOPENED_WITHIN_DAYS = 30;
/** The newest mails of a conversation; those of programs may have thousands. */
const MOST_MAILS = 200;

/**
 * True where a new mail may concern another item: one is parked, or a queue has a rule for conversations. Evaluated once
 * for each page, by partial indexes, as part of the statement that inserts it. In installations that use neither, this
 * is all that conversations cost.
 */
export function isFollowed(accountId: string): RawBuilder<boolean> {
  return sql<boolean>`(
    exists (select from items where account_id = ${accountId} and state = 'parked')
    or exists (select from queues where conversations <> 'separate')
  )`;
}

interface NewItem {
  readonly id: string;
  readonly messageId: string;
  readonly conversationId: string;
  readonly automatic: AutomaticKind | null;
}

interface OtherItem {
  readonly id: string;
  readonly state: ItemState;
  readonly queueId: string | null;
  readonly rule: ConversationRule | null;
  /** Completed recently. */
  readonly isRecent: boolean;
}

/**
 * Lets mails that were just inserted concern the other items of their conversations (decision 52): parked ones wake, and
 * by the rule of the other item's queue the new one is joined to it. Runs in the transaction of the capture, so that a
 * mail and what follows from it are stored together; each mail keeps its own item.
 */
export async function followConversations(
  db: Queryable,
  accountId: string,
  graphIds: readonly string[],
): Promise<void> {
  const { rows } = await sql<NewItem>`
    select items.id, messages.id as message_id, conversation_id, automatic
    from messages join items on items.message_id = messages.id
    where messages.account_id = ${accountId} and graph_id = any(${graphIds}) and conversation_id is not null
      and items.state in ('waiting', 'unqueued')
    order by messages.received_at, messages.id
  `.execute(db);
  for (const [index, item] of rows.entries()) {
    // Later mails of the page are joined to earlier ones, not the other way round.
    const later = rows.slice(index).map(({ messageId }) => messageId);
    await followConversation(db, accountId, item, later);
  }
}

async function followConversation(
  db: Queryable,
  accountId: string,
  item: NewItem,
  later: readonly string[],
): Promise<void> {
  const others = await lockOthers(db, accountId, item.conversationId, later);
  // An out-of-office answer is not what the customer was waited for. A report of a failed delivery concerns the agent.
  const isAnswer = item.automatic === null || item.automatic === 'report';
  const parked = others.filter(({ state }) => state === 'parked').map(({ id }) => id);
  if (isAnswer) await wakeByMail(db, parked);

  const leading = others.filter(({ rule }) => rule === 'join' || rule === 'reopen');
  const open = ['claimed', 'waiting', 'parked'].flatMap((state) => leading.filter((other) => other.state === state));
  const leader = open[0] ?? (isAnswer ? leading.find(isReopened) : undefined);
  if (!leader) return;
  if (leader.state === 'completed') await reopenByMail(db, accountId, leader.id);
  await db
    .updateTable('items')
    .set({ state: 'joined', joinedTo: leader.id, queueId: leader.queueId })
    .where('id', '=', item.id)
    .execute();
}

const isReopened = ({ state, rule, isRecent }: OtherItem) => state === 'completed' && rule === 'reopen' && isRecent;

/**
 * The other items of the conversation, newest first. The locks make an agent's step and this take turns: nothing is
 * joined to an item that is being completed.
 */
async function lockOthers(
  db: Queryable,
  accountId: string,
  conversationId: string,
  later: readonly string[],
): Promise<readonly OtherItem[]> {
  const { rows } = await sql<OtherItem>`
    with mails as materialized (
      select id, received_at from messages
      where account_id = ${accountId} and hashtextextended(conversation_id, 0) = hashtextextended(${conversationId}, 0)
        and conversation_id = ${conversationId} and id <> all(${later}::uuid[])
      order by received_at desc limit ${MOST_MAILS}
    )
    select items.id, items.state, items.queue_id, queues.conversations as rule,
      coalesce(items.completed_at > now() - ${REOPENED_WITHIN_DAYS} * interval '1 day', false) as is_recent
    from mails join items on items.message_id = mails.id left join queues on queues.id = items.queue_id
    where items.state in ('waiting', 'claimed', 'parked', 'completed') and items.joined_to is null
    order by mails.received_at desc
    for update of items
  `.execute(db);
  return rows;
}

/** Opens a completed item for who completed it. */
async function reopenByMail(db: Queryable, accountId: string, id: string): Promise<void> {
  const { claimedBy } = await db.selectFrom('items').select('claimedBy').where('id', '=', id).executeTakeFirstOrThrow();
  await db
    .updateTable('items')
    .set({
      state: 'waiting',
      ...notClaimed,
      completedAt: null,
      outcome: null,
      assignedTo: claimedBy,
      assignedUntil: sql`now() + ${KEPT_FOR_PERSON_HOURS} * interval '1 hour'`,
    })
    .where('id', '=', id)
    .execute();
  await recordEvent(db, { actor: 'mailroom', name: 'item.reopened-by-mail', accountId, targetId: id });
}
