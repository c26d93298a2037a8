import { sql, type Transaction } from 'kysely';
import { isUnderWay, MAX_RECIPIENTS } from '../../domain/answer.ts';
import { mailAddress } from '../../domain/mail-address.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database } from '../database.ts';
import { lockItem, type Refusal } from '../queues/item-step.ts';
import type { Schema } from '../schema.ts';
import { type AnswerView, findAnswer } from './answer-views.ts';
import { type DraftRefusal, draftsToSweep, findOpenDraft, lockDraft } from './drafts.ts';
import { completeWithAnswer, reopenAfterAnswer } from './item-of-answer.ts';
import { isAnsweredMeanwhile } from './send-confirmations.ts';

export interface SendRequest {
  readonly answerId: string;
  /** Undefined: any. */
  readonly version: number | undefined;
  /** The request's name: repeated, it sends nothing again, even after an undo. */
  readonly requestKey: string;
  readonly completeItem: boolean;
  /** The newest mail of the item that the actor saw; undefined: none that was joined since the draft was begun. */
  readonly seenThrough?: string | undefined;
  /** The actor knows of every other answer that was sent since the draft was begun. */
  readonly knowsOthers: boolean;
  /** Until then it can be undone. */
  readonly delayMs: number;
}

export type Scheduling =
  | { readonly outcome: 'scheduled' | 'repeated'; readonly answer: AnswerView }
  /** The name is that of a request of the same actor that wanted something else. */
  | { readonly outcome: 'other-request' }
  | { readonly outcome: 'no-recipients' | 'no-address' | 'too-many-recipients' }
  /** The content of the mail was deleted: there is nothing to answer. */
  | { readonly outcome: 'message-deleted' }
  | { readonly outcome: 'answered-meanwhile' }
  /** The item cannot be answered, or not completed with the answer. */
  | { readonly outcome: 'item-refused'; readonly refusal: Refusal }
  | DraftRefusal;

/**
 * Puts a draft, or a failed answer, into the outbox. The item is completed in the same transaction, if that is wanted:
 * an undo, or an answer that fails, opens it again. Of two answers to one item that are sent at the same moment, the
 * item's lock lets the second see the first.
 */
export async function scheduleAnswer(db: Database, actor: string, request: SendRequest): Promise<Scheduling> {
  const { answerId: id, version, requestKey, completeItem, seenThrough, knowsOthers, delayMs } = request;
  return await db.transaction().execute(async (trx) => {
    const before = await trx
      .selectFrom('answers')
      .select(['sendKeys', 'sendRequests', 'recipients', 'createdAt'])
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    const earlier = before && findRequest(before, actor, request);
    if (earlier === 'same') {
      const answer = await findAnswer(trx, id);
      return answer ? { outcome: 'repeated', answer } : { outcome: 'not-found' };
    }
    const locked = await lockDraft(trx, actor, id, version);
    if (locked.outcome !== 'locked' || !before) return locked.outcome === 'locked' ? { outcome: 'not-found' } : locked;
    if (earlier === 'other') return { outcome: 'other-request' };
    const { to, cc, bcc } = before.recipients;
    const addresses = [...to, ...cc, ...bcc].map(({ address }) => address ?? '');
    if (addresses.length === 0) return { outcome: 'no-recipients' };
    if (addresses.length > MAX_RECIPIENTS) return { outcome: 'too-many-recipients' };
    if (!addresses.every((address) => mailAddress.test(address))) return { outcome: 'no-address' };
    const { itemId } = locked;
    if ((await lockItem(trx, itemId))?.messageId === null) return { outcome: 'message-deleted' };
    if (!knowsOthers && (await isAnsweredMeanwhile(trx, { id, itemId, createdAt: before.createdAt }))) {
      return { outcome: 'answered-meanwhile' };
    }
    const completion = await completeWithAnswer(trx, itemId, actor, completeItem, seenThrough ?? id);
    if (typeof completion === 'object') return { outcome: 'item-refused', ...completion };
    await trx
      .updateTable('answers')
      .set({
        state: 'scheduled',
        sentBy: actor,
        scheduledAt: sql`now()`,
        sendAt: sql`now() + ${delayMs} * interval '1 millisecond'`,
        sendKeys: sql`array_append(send_keys, ${requestKey})`,
        sendRequests: sql`array_append(send_requests, ${requestText(actor, request)})`,
        completesItem: completeItem,
        completedItem: completion === 'completed',
        updatedAt: sql`now()`,
        ...noReason,
      })
      .where('id', '=', id)
      .execute();
    const answer = await findAnswer(trx, id);
    return answer ? { outcome: 'scheduled', answer } : { outcome: 'not-found' };
  });
}

/** A request as it is remembered: its name, its actor, and what it wants, with what ends no header between them. */
function requestText(actor: string, request: SendRequest): string {
  const { requestKey, version, completeItem, seenThrough = '', delayMs } = request;
  return [requestKey, actor, version, completeItem, seenThrough, delayMs].join('\n');
}

/**
 * Whether a request of this name has sent the answer: the same one, or one of the actor that wanted something else. That
 * of another person is none, because names are chosen by each. Earlier releases kept the name alone.
 */
function findRequest(
  { sendKeys, sendRequests }: { readonly sendKeys: readonly string[]; readonly sendRequests: readonly string[] },
  actor: string,
  request: SendRequest,
): 'same' | 'other' | undefined {
  const { requestKey } = request;
  if (!sendKeys.includes(requestKey)) return undefined;
  if (!sendRequests.some((text) => text.startsWith(`${requestKey}\n`))) return 'same';
  if (sendRequests.includes(requestText(actor, request))) return 'same';
  return sendRequests.some((text) => text.startsWith(`${requestKey}\n${actor}\n`)) ? 'other' : undefined;
}

export const noReason = {
  reason: null,
  code: null,
  status: null,
  requestId: null,
  reasonSince: null,
  retryAt: null,
  endedAt: null,
} as const;

export type OutboxStep =
  | { readonly outcome: 'done'; readonly answer: AnswerView }
  | { readonly outcome: 'not-found' | 'has-draft' }
  /** The state of the answer does not allow it. */
  | { readonly outcome: 'refused'; readonly current: AnswerView };

/** The row's lock decides between this and the worker that begins to send. An answer that is a draft stays one. */
export async function undoSend(db: Database, id: string): Promise<OutboxStep> {
  return await step(db, id, async (trx, { state, itemId, completedItem, sentBy, author, kind }) => {
    if (state === 'draft') return 'done';
    if (state !== 'scheduled') return 'refused';
    // The person has begun another draft of the same kind since.
    if ((await findOpenDraft(trx, author, itemId, kind)) !== undefined) return 'has-draft';
    if (completedItem) await reopenAfterAnswer(trx, itemId, { holder: sentBy, keepsClaim: true });
    await trx
      .updateTable('answers')
      .set({ state: 'draft', sendAt: null, scheduledAt: null, completedItem: false, ...noReason })
      .where('id', '=', id)
      .execute();
    return 'done';
  });
}

/**
 * Sends an answer again that failed, or of which it is not known. Of the latter the mailbox is searched first; the
 * person has looked and takes the risk. An item that a failed one was to complete is completed now, unless another person
 * has it or a mail was joined to it since the draft was begun.
 */
export async function retryAnswer(db: Database, actor: string, id: string): Promise<OutboxStep> {
  return await step(db, id, async (trx, { state, accountId, itemId, completesItem, completedItem }) => {
    if (isUnderWay(state)) return 'done';
    if (state !== 'failed' && state !== 'unknown') return 'refused';
    // What was joined since the draft was begun may be unseen. Ids of both grow with time.
    const completion = await completeWithAnswer(trx, itemId, actor, completesItem && !completedItem, id);
    await trx
      .updateTable('answers')
      .set({
        state: 'scheduled',
        sentBy: actor,
        scheduledAt: sql`now()`,
        sendAt: sql`now()`,
        sendRequestedAt: null,
        sendAcceptedAt: null,
        completedItem: completedItem || completion === 'completed',
        ...noReason,
      })
      .where('id', '=', id)
      .execute();
    await recordEvent(trx, { actor, name: 'answer.retried', accountId, targetId: id, details: { after: state } });
    return 'done';
  });
}

/** A person found an answer in the mailbox's sent mail. */
export async function markSent(db: Database, actor: string, id: string): Promise<OutboxStep> {
  return await step(db, id, async (trx, { state, accountId }) => {
    if (state === 'sent') return 'done';
    if (state !== 'unknown') return 'refused';
    await trx
      .updateTable('answers')
      // A draft in the mailbox may be the one that Microsoft still sends: it stays.
      .set({ state: 'sent', ...noReason, endedAt: sql`now()`, quote: null, draftSweepAt: null })
      .where('id', '=', id)
      .execute();
    await recordEvent(trx, { actor, name: 'answer.marked-sent', accountId, targetId: id });
    return 'done';
  });
}

/** A person gives up an answer that failed, or of which it is not known. Its content goes. */
export async function discardAnswer(db: Database, actor: string, id: string): Promise<OutboxStep> {
  return await step(db, id, async (trx, { state, accountId }) => {
    if (state !== 'failed' && state !== 'unknown') return 'refused';
    await trx
      .updateTable('answers')
      .set({ state: 'discarded', body: '', quote: null, endedAt: sql`now()`, updatedAt: sql`now()`, ...draftsToSweep })
      .where('id', '=', id)
      .execute();
    await trx.deleteFrom('answerAttachments').where('answerId', '=', id).execute();
    await recordEvent(trx, { actor, name: 'answer.discarded', accountId, targetId: id, details: { after: state } });
    return 'done';
  });
}

type LockedAnswer = NonNullable<Awaited<ReturnType<typeof lockAnswer>>>;

async function step(
  db: Database,
  id: string,
  change: (trx: Transaction<Schema>, answer: LockedAnswer) => Promise<'done' | 'refused' | 'has-draft'>,
): Promise<OutboxStep> {
  return await db.transaction().execute(async (trx) => {
    const locked = await lockAnswer(trx, id);
    if (!locked) return { outcome: 'not-found' };
    const outcome = await change(trx, locked);
    if (outcome === 'has-draft') return { outcome };
    const current = await findAnswer(trx, id);
    if (!current) return { outcome: 'not-found' };
    return outcome === 'done' ? { outcome, answer: current } : { outcome, current };
  });
}

async function lockAnswer(trx: Transaction<Schema>, id: string) {
  return await trx
    .selectFrom('answers')
    .select(['state', 'accountId', 'itemId', 'author', 'kind', 'sentBy', 'completesItem', 'completedItem'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}
