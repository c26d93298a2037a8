import { sql } from 'kysely';
import { announcesAttachment } from '../../domain/announced-attachment.ts';
import { type Confirmation, MAILROOM } from '../../domain/answer.ts';
import { findAutomatic } from '../../domain/automatic-mail.ts';
import type { Queryable } from '../database.ts';
import type { AnswerView } from './answer-views.ts';

/** Answers of one mailbox to one address within a day, from which on a person is asked: two machines may be talking. */
const MANY_ANSWERS = 5;

/** What a person has to confirm before this draft is sent. `text`: its words, without markup. */
export async function findConfirmations(
  db: Queryable,
  draft: AnswerView,
  text: string,
): Promise<readonly Confirmation[]> {
  const { kind, attachments } = draft;
  const needed: Confirmation[] = [];
  if (kind !== 'forward' && (await isAutomatic(db, draft))) needed.push('automatic-mail');
  if (await isAnsweredMeanwhile(db, draft)) needed.push('answered-meanwhile');
  if (announcesAttachment(text) && kind !== 'forward' && !attachments.some(({ isInline }) => !isInline)) {
    needed.push('no-attachment');
  }
  if (kind !== 'forward' && (await countAnswers(db, draft)) >= MANY_ANSWERS) needed.push('many-answers');
  return needed;
}

/** A program sent the mail: perhaps it answers the answer. */
async function isAutomatic(db: Queryable, { itemId }: AnswerView): Promise<boolean> {
  const mail = await db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .select(['fromName', 'fromAddress', 'recipients', 'headers'])
    .where('items.id', '=', itemId)
    .executeTakeFirst();
  if (!mail) return false;
  const { fromName, fromAddress, recipients, headers } = mail;
  const from = fromAddress === null ? undefined : { name: fromName ?? undefined, address: fromAddress };
  return findAutomatic({ from, recipients, headers }) !== undefined;
}

/** Another answer of the item was sent, or is about to be, since this draft was begun. */
export async function isAnsweredMeanwhile(
  db: Queryable,
  { id, itemId, createdAt }: Pick<AnswerView, 'id' | 'itemId' | 'createdAt'>,
): Promise<boolean> {
  const row = await db
    .selectFrom('answers')
    .select('id')
    .where('itemId', '=', itemId)
    .where('id', '<>', id)
    .where('kind', '<>', 'forward')
    .where('author', '<>', MAILROOM)
    .where('state', 'in', ['scheduled', 'sending', 'sent', 'unknown'])
    .where('scheduledAt', '>', createdAt)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Answers to the first recipient from the same mailbox in the last day. */
async function countAnswers(db: Queryable, { accountId, recipients }: AnswerView): Promise<number> {
  const address = recipients.to[0]?.address?.toLowerCase();
  if (address === undefined) return 0;
  const { answers } = await db
    .selectFrom('answers')
    .select((select) => select.fn.countAll<number>().as('answers'))
    .where('accountId', '=', accountId)
    .where('scheduledAt', '>', sql<Date>`now() - interval '1 day'`)
    .where('state', 'in', ['scheduled', 'sending', 'sent', 'unknown'])
    .where(sql<boolean>`lower(recipients -> 'to' -> 0 ->> 'address') = ${address}`)
    .executeTakeFirstOrThrow();
  return Number(answers);
}
