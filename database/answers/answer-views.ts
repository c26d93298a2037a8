import { sql } from 'kysely';
import type { AnswerFormat, AnswerKind, AnswerState } from '../../domain/answer.ts';
import { isLimited, type Reach } from '../../domain/reach.ts';
import type { Queryable } from '../database.ts';
import { actorName } from '../people/actor-name.ts';
import { isWithin } from '../people/reach.ts';
import type { AnswerRecipients } from '../schema.ts';

/** A draft or an answer, without its body. */
export interface AnswerSummary {
  readonly id: string;
  readonly itemId: string;
  readonly accountId: string;
  /** The mailbox that it is sent from. */
  readonly address: string;
  readonly kind: AnswerKind;
  readonly state: AnswerState;
  /** `user:<id>`, `key:<id>`, or `mailroom` for an automatic answer. */
  readonly author: string;
  readonly authorName: string | null;
  readonly recipients: AnswerRecipients;
  readonly subject: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly sentBy: string | null;
  readonly sendAt: Date | null;
  readonly completedItem: boolean;
  readonly retryAt: Date | null;
  /** Why it is not sent, or what it waits for. */
  readonly reason: string | null;
  readonly code: string | null;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly reasonSince: Date | null;
  readonly internetMessageId: string | null;
  readonly webLink: string | null;
  readonly endedAt: Date | null;
}

export interface AnswerAttachment {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  /** Bytes. */
  readonly size: number;
  readonly isInline: boolean;
  /** By which the HTML refers to an inline picture: `cid:…`. */
  readonly contentId: string | null;
}

/** A draft or an answer as a whole. */
export interface AnswerView extends AnswerSummary {
  readonly format: AnswerFormat;
  readonly body: string;
  readonly includesQuote: boolean;
  readonly attachments: readonly AnswerAttachment[];
}

export function selectAnswers(db: Queryable) {
  return db
    .selectFrom('answers')
    .innerJoin('accounts', 'accounts.id', 'answers.accountId')
    .select([
      'answers.id',
      'answers.itemId',
      'answers.accountId',
      'accounts.address',
      'answers.kind',
      'answers.state',
      'answers.author',
      actorName('answers.author').as('authorName'),
      'answers.recipients',
      'answers.subject',
      'answers.version',
      'answers.createdAt',
      'answers.updatedAt',
      'answers.sentBy',
      'answers.sendAt',
      'answers.completedItem',
      'answers.retryAt',
      'answers.reason',
      'answers.code',
      'answers.status',
      'answers.requestId',
      'answers.reasonSince',
      'answers.internetMessageId',
      'answers.webLink',
      'answers.endedAt',
    ]);
}

export async function findAnswer(db: Queryable, id: string): Promise<AnswerView | undefined> {
  const row = await selectAnswers(db)
    .select(['answers.format', 'answers.body', 'answers.includesQuote'])
    .where('answers.id', '=', id)
    .executeTakeFirst();
  return row && { ...row, attachments: await listAttachments(db, id) };
}

/** Those that arrived whole, in the order in which they were added. */
export async function listAttachments(db: Queryable, answerId: string): Promise<readonly AnswerAttachment[]> {
  return await db
    .selectFrom('answerAttachments')
    .select(['id', 'name', 'contentType', 'size', 'isInline', 'contentId'])
    .where('answerId', '=', answerId)
    .where('isComplete', '=', true)
    .orderBy('id')
    .execute();
}

/** Drafts and answers of an item, oldest first. Discarded ones are not among them. */
export async function listAnswersOfItem(db: Queryable, itemId: string): Promise<readonly AnswerSummary[]> {
  return await selectAnswers(db)
    .where('answers.itemId', '=', itemId)
    .where('answers.state', '<>', 'discarded')
    .orderBy('answers.createdAt')
    .orderBy('answers.id')
    .execute();
}

/** Answers to a conversation that are shown with it. */
const MOST_OF_CONVERSATION = 100;

/** Answers to these items that were sent or are on their way, oldest first, the newest of many. */
export async function listSentAnswers(db: Queryable, itemIds: readonly string[]): Promise<readonly AnswerSummary[]> {
  if (itemIds.length === 0) return [];
  const newest = await selectAnswers(db)
    .where('answers.itemId', '=', sql<string>`any(${itemIds}::uuid[])`)
    .where('answers.state', 'in', ['scheduled', 'sending', 'sent', 'unknown'])
    .orderBy('answers.scheduledAt', 'desc')
    .orderBy('answers.id', 'desc')
    .limit(MOST_OF_CONVERSATION)
    .execute();
  return newest.toReversed();
}

/** Answers in these states, to items within a reach, the newest first; `actor`: only those that this person sent. */
export async function listAnswers(
  db: Queryable,
  {
    states,
    actor,
    reach,
    limit,
  }: {
    readonly states: readonly AnswerState[];
    readonly actor: string | undefined;
    readonly reach?: Reach | undefined;
    readonly limit: number;
  },
): Promise<readonly AnswerSummary[]> {
  let query = selectAnswers(db).where('answers.state', 'in', [...states]);
  if (reach !== undefined && isLimited(reach)) {
    query = query.where((each) =>
      each.exists(
        each.selectFrom('items').select('items.id').whereRef('items.id', '=', 'answers.itemId').where(isWithin(reach)),
      ),
    );
  }
  if (actor !== undefined)
    query = query.where((each) => each.or([each('sentBy', '=', actor), each('author', '=', actor)]));
  return await query.orderBy('answers.updatedAt', 'desc').orderBy('answers.id').limit(limit).execute();
}
