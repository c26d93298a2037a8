import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import {
  ACKNOWLEDGED_WITHIN_HOURS,
  type AcknowledgementOutcome,
  acknowledgedAddress,
} from '../../domain/acknowledgement.ts';
import { MAILROOM } from '../../domain/answer.ts';
import { foldAddress } from '../../domain/fold-address.ts';
import { fillPlaceholders } from '../../domain/placeholders.ts';
import { acknowledgementSubject } from '../../domain/reply-text.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { hindranceOf } from './sending-options.ts';

/**
 * Decides about noted items whether their mail is acknowledged, oldest first, each in one transaction with its answer in
 * the outbox; returns the ids of those answers. Two callers at once decide about different items.
 */
export async function acknowledgeItems(db: Database, limit: number): Promise<readonly string[]> {
  const answers: string[] = [];
  let own: Promise<ReadonlySet<string>> | undefined;
  // Once for all of them, and not before one needs it: an installation may have ten thousand mailboxes.
  const ownAddresses: OwnAddresses = (trx) => {
    own ??= findOwnAddresses(trx);
    return own;
  };
  for (let decided = 0; decided < limit; decided += 1) {
    const answer = await db.transaction().execute((trx) => acknowledgeNext(trx, ownAddresses));
    if (answer === undefined) break;
    if (answer !== null) answers.push(answer);
  }
  return answers;
}

/** Of all mailboxes of this installation, folded. */
type OwnAddresses = (trx: Queryable) => Promise<ReadonlySet<string>>;

/** Undefined: nothing is left to decide; null: nothing was sent. */
async function acknowledgeNext(
  trx: Transaction<Schema>,
  ownAddresses: OwnAddresses,
): Promise<string | null | undefined> {
  const noted = await trx
    .selectFrom('acknowledgements')
    .select('itemId')
    .where('outcome', 'is', null)
    .orderBy('notedAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  if (!noted) return undefined;
  const { itemId } = noted;
  const decided = await decide(trx, itemId, ownAddresses);
  const outcome: AcknowledgementOutcome = 'outcome' in decided ? decided.outcome : 'sent';
  await trx.updateTable('acknowledgements').set({ outcome }).where('itemId', '=', itemId).execute();
  return 'outcome' in decided ? null : decided.answerId;
}

async function decide(
  trx: Transaction<Schema>,
  itemId: string,
  ownAddresses: OwnAddresses,
): Promise<{ readonly answerId: string } | { readonly outcome: AcknowledgementOutcome }> {
  const row = await findMail(trx, itemId);
  if (!row?.acknowledgement) return { outcome: 'turned-off' };
  const { acknowledgement, accountId, fromName, fromAddress, recipients, headers, subject } = row;
  if (!['waiting', 'claimed', 'parked'].includes(row.state) || recipients === null) return { outcome: 'not-open' };
  if (row.ageHours > ACKNOWLEDGED_WITHIN_HOURS) return { outcome: 'too-old' };
  if (hindranceOf(row) !== undefined) return { outcome: 'cannot-send' };
  const from = { name: fromName ?? undefined, address: fromAddress ?? undefined };
  const addressed = acknowledgedAddress({ from, recipients, headers }, await ownAddresses(trx));
  if ('outcome' in addressed) return addressed;
  const { address } = addressed;
  // Two mails of one sender are decided one after the other.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`acknowledgement ${accountId} ${foldAddress(address)}`}, 0))`.execute(
    trx,
  );
  if (await wasAcknowledged(trx, accountId, address, acknowledgement.everyDays))
    return { outcome: 'acknowledged-before' };
  if (await isAnsweredConversation(trx, row)) return { outcome: 'answered-conversation' };
  const name = fromName?.trim() || address;
  const { html } = fillPlaceholders(acknowledgement.html, {
    customerName: name,
    subject: subject ?? '',
    itemId,
    agentName: '',
  });
  const answer = await trx
    .insertInto('answers')
    .values({
      id: answerIdOf(row),
      itemId,
      accountId,
      kind: 'reply',
      author: MAILROOM,
      sentBy: MAILROOM,
      state: 'scheduled',
      recipients: JSON.stringify({ to: [{ ...(fromName ? { name: fromName } : {}), address }], cc: [], bcc: [] }),
      subject: acknowledgementSubject(subject ?? ''),
      format: 'html',
      body: html,
      includesQuote: false,
      scheduledAt: sql`now()`,
      sendAt: sql`now()`,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return answer ? { answerId: answer.id } : { outcome: 'acknowledged-before' };
}

/**
 * The same for the same mail: after a backup was restored, mail is captured and acknowledged again, and what was sent the
 * first time is found in the mailbox by this id.
 */
function answerIdOf({ accountId, graphId }: { readonly accountId: string; readonly graphId: string | null }): string {
  const hash = createHash('sha256').update(`acknowledgement|${accountId}|${graphId}`).digest('hex');
  // Version 8 of RFC 9562: an id of one's own making.
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-a$4-$5');
}

async function findMail(trx: Queryable, itemId: string) {
  return await trx
    .selectFrom('items')
    .innerJoin('queues', 'queues.id', 'items.queueId')
    .innerJoin('accounts', 'accounts.id', 'items.accountId')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(['items.accountId', 'items.state', 'queues.acknowledgement'])
    .select(['accounts.enabled', 'accounts.signIn', 'accounts.removedAt'])
    .select(['accounts.sendingEnabled', 'accounts.sendingGranted', 'accounts.access'])
    .select(['messages.fromName', 'messages.fromAddress', 'messages.recipients', 'messages.headers'])
    .select(['messages.subject', 'messages.conversationId', 'messages.graphId'])
    .select([
      sql<boolean>`coalesce((select settings.sending_enabled from settings), false)`.as('isInstalled'),
      sql<number>`extract(epoch from now() - items.received_at)::float8 / 3600`.as('ageHours'),
    ])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
}

async function findOwnAddresses(trx: Queryable): Promise<ReadonlySet<string>> {
  const accounts = await trx
    .selectFrom('accounts')
    .select(['address', 'signInAs'])
    .where('removedAt', 'is', null)
    .execute();
  return new Set(accounts.flatMap(({ address, signInAs }) => [address, signInAs ?? address].map(foldAddress)));
}

async function wasAcknowledged(trx: Queryable, accountId: string, address: string, days: number): Promise<boolean> {
  const row = await trx
    .selectFrom('answers')
    .select('id')
    .where('author', '=', MAILROOM)
    .where('accountId', '=', accountId)
    .where(sql<boolean>`lower(recipients -> 'to' -> 0 ->> 'address') = lower(${address})`)
    .where('scheduledAt', '>', sql<Date>`now() - ${days} * interval '1 day'`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A customer who writes back to an answer knows that the mail arrives. */
async function isAnsweredConversation(
  trx: Queryable,
  { accountId, conversationId }: { readonly accountId: string; readonly conversationId: string | null },
): Promise<boolean> {
  if (conversationId === null) return false;
  const row = await trx
    .selectFrom('messages')
    .innerJoin('items', 'items.messageId', 'messages.id')
    .innerJoin('answers', 'answers.itemId', 'items.id')
    .select('answers.id')
    .where('messages.accountId', '=', accountId)
    .where(sql<boolean>`hashtextextended(conversation_id, 0) = hashtextextended(${conversationId}, 0)`)
    .where('messages.conversationId', '=', conversationId)
    .where('answers.scheduledAt', 'is not', null)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** What became of the acknowledgements of a queue in the last day. */
export async function countAcknowledgements(db: Queryable, queueId: string) {
  return await db
    .selectFrom('acknowledgements')
    .select((select) => ['outcome', sql<number>`${select.fn.countAll()}::integer`.as('count')])
    .where('queueId', '=', queueId)
    .where('notedAt', '>', sql<Date>`now() - interval '1 day'`)
    .groupBy('outcome')
    .execute();
}
