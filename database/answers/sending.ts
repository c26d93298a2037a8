import { sql, type Transaction, type Updateable } from 'kysely';
import { mailboxPlace } from '../../domain/account-access.ts';
import { MAILROOM, type SendingReason } from '../../domain/answer.ts';
import type { FailureTrace } from '../../domain/failure.ts';
import type { Database, Queryable } from '../database.ts';
import type { AnswersTable, Schema } from '../schema.ts';
import { reopenAfterAnswer } from './item-of-answer.ts';
import { noReason } from './outbox.ts';
import { hindranceOf } from './sending-options.ts';

/** An answer and the attempt that works on it: what a later attempt overtakes may no longer be written. */
export interface AttemptRef {
  readonly id: string;
  readonly attempt: number;
}

/** What an attempt works with. */
export interface SendingWork extends AttemptRef {
  readonly account: {
    readonly accountId: string;
    readonly signInNumber: number;
    /** Undefined: the mailbox of the person who signed in. */
    readonly sharedAddress: string | undefined;
    readonly applicationAddress?: string | undefined;
  };
  readonly kind: AnswersTable['kind'];
  readonly recipients: { readonly to: Mailboxes; readonly cc: Mailboxes; readonly bcc: Mailboxes };
  readonly subject: string;
  readonly format: AnswersTable['format'];
  readonly body: string;
  readonly includesQuote: boolean;
  /** Of the mail that is answered, at Graph; undefined: its content was deleted from Mailroom. */
  readonly messageId: string | undefined;
  readonly graphId: string | null;
  readonly quote: string | null;
  readonly graphAttachments: readonly string[];
  readonly sendRequestedAgoMs: number | undefined;
  readonly sendAccepted: boolean;
  /** Milliseconds since a person sent it. */
  readonly scheduledAgoMs: number;
  /** Milliseconds since a first attempt could be made; for an acknowledgement, since its mail arrived. */
  readonly dueAgoMs: number;
  /** Mailroom wrote it: its mail says so to other programs. */
  readonly isAutomatic: boolean;
  /** Sent, or given up: only drafts that attempts left in the mailbox are to be removed. */
  readonly isOver: boolean;
}
type Mailboxes = readonly { readonly name?: string | undefined; readonly address?: string | undefined }[];

export type SendingStart =
  | { readonly outcome: 'over' }
  | { readonly outcome: 'wait'; readonly inMs: number }
  | { readonly outcome: 'begun'; readonly work: SendingWork };

/**
 * Begins an attempt to send an answer whose time has come, unless another attempt is alive, which has `leaseMs` between
 * its signs of life. An account that may no longer send fails the answer here, as long as nothing was sent. After an
 * attempt that gave no sign of life any more, the mailbox is searched once more when its last request is over.
 */
export async function beginSending(
  db: Database,
  id: string,
  times: { readonly leaseMs: number; readonly proofMs: number; readonly sweepAfterMs: number },
): Promise<SendingStart> {
  return await db.transaction().execute(async (trx) => {
    const row = await lockRow(trx, id);
    if (!row) return { outcome: 'over' };
    const isOver = leavesDrafts(row);
    if (!isOver && row.state !== 'scheduled' && row.state !== 'sending') return { outcome: 'over' };
    const waitMs = isOver ? row.sweepInMs : row.waitMs;
    if (waitMs > 0) return { outcome: 'wait', inMs: Math.ceil(waitMs) };
    const { leaseMs, proofMs, sweepAfterMs } = times;
    if (row.aliveMs !== null && row.aliveMs < leaseMs) {
      return { outcome: 'wait', inMs: Math.ceil(leaseMs - row.aliveMs) };
    }
    const attempt = row.attempt + 1;
    const hindrance = hindranceOf(row);
    if (hindrance !== undefined && isOver) {
      await endSweep(trx, { id, attempt: row.attempt }, { isDone: false });
      return { outcome: 'over' };
    }
    if (hindrance !== undefined) {
      if (row.sendRequestedAgoMs === null) {
        await settle(trx, row, { state: 'failed', reason: hindrance, trace: {} });
        return { outcome: 'over' };
      }
      // Perhaps it was sent, and the account may be asked again in time.
      if (row.sendRequestedAgoMs < proofMs) return { outcome: 'wait', inMs: WITHOUT_ACCESS_MS };
      await settle(trx, row, { state: 'unknown', reason: 'no-answer', trace: {} });
      return { outcome: 'over' };
    }
    await trx
      .updateTable('answers')
      .set({
        ...(isOver ? {} : { state: 'sending' }),
        ...(isOver || row.aliveMs === null ? {} : { draftSweepAt: after(sweepAfterMs) }),
        attempt,
        triedAt: sql`now()`,
      })
      .where('id', '=', id)
      .execute();
    return { outcome: 'begun', work: workOf(row, attempt, isOver) };
  });
}

const after = (ms: number) => sql<Date>`now() + ${ms} * interval '1 millisecond'`;

/** An answer that is over, and that may have left drafts in the mailbox. An API of 0.1.0 only kept the id of the draft. */
function leavesDrafts({ state, graphId, draftSweepAt }: Row): boolean {
  if (state !== 'sent' && state !== 'discarded') return false;
  return draftSweepAt !== null || (state === 'discarded' && graphId !== null);
}

/** How soon an account is looked at again that may not be asked at the moment. */
const WITHOUT_ACCESS_MS = 30_000;

type Row = NonNullable<Awaited<ReturnType<typeof lockRow>>>;

function workOf(row: Row, attempt: number, isOver: boolean): SendingWork {
  const { id, kind, recipients, subject, format, body, includesQuote, graphId, quote, graphAttachments } = row;
  return {
    ...{ id, attempt, kind, recipients, subject, format, body, includesQuote, graphId, quote, graphAttachments },
    account: {
      accountId: row.accountId,
      signInNumber: row.signInNumber,
      ...mailboxPlace(row),
    },
    messageId: row.messageGraphId ?? undefined,
    sendRequestedAgoMs: row.sendRequestedAgoMs ?? undefined,
    sendAccepted: row.sendAcceptedAt !== null,
    scheduledAgoMs: row.scheduledAgoMs,
    dueAgoMs: row.author === MAILROOM ? row.receivedAgoMs : row.dueAgoMs,
    isAutomatic: row.author === MAILROOM,
    isOver,
  };
}

const agoMs = (column: string) => sql<number>`extract(epoch from now() - ${sql.ref(column)})::float8 * 1000`;

async function lockRow(trx: Transaction<Schema>, id: string) {
  return await trx
    .selectFrom('answers')
    .innerJoin('accounts', 'accounts.id', 'answers.accountId')
    .innerJoin('items', 'items.id', 'answers.itemId')
    .leftJoin('messages', 'messages.id', 'items.messageId')
    .select(['answers.id', 'answers.state', 'answers.itemId', 'answers.kind', 'answers.recipients', 'answers.subject'])
    .select(['answers.format', 'answers.body', 'answers.includesQuote', 'answers.attempt', 'answers.sentBy'])
    .select(['answers.author', 'answers.completedItem', 'answers.graphId', 'answers.quote', 'answers.graphAttachments'])
    .select(['answers.sendAcceptedAt', 'answers.accountId', 'answers.draftSweepAt'])
    .select(['accounts.address', 'accounts.signInAs', 'accounts.signInNumber', 'accounts.signIn', 'accounts.enabled'])
    .select(['accounts.removedAt', 'accounts.sendingEnabled', 'accounts.sendingGranted', 'accounts.access'])
    .select(['messages.graphId as messageGraphId'])
    .select([
      sql<boolean>`coalesce((select settings.sending_enabled from settings), false)`.as('isInstalled'),
      sql<number>`greatest(0, extract(epoch from greatest(send_at, retry_at) - now())::float8 * 1000)`.as('waitMs'),
      sql<number>`greatest(0, coalesce(-${agoMs('answers.draft_sweep_at')}, 0))`.as('sweepInMs'),
      sql<number | null>`${agoMs('answers.tried_at')}`.as('aliveMs'),
      sql<number | null>`${agoMs('answers.send_requested_at')}`.as('sendRequestedAgoMs'),
      sql<number>`coalesce(${agoMs('answers.scheduled_at')}, 0)`.as('scheduledAgoMs'),
      sql<number>`coalesce(${agoMs('answers.send_at')}, 0)`.as('dueAgoMs'),
      sql<number>`${agoMs('items.received_at')}`.as('receivedAgoMs'),
    ])
    .where('answers.id', '=', id)
    .forUpdate('answers')
    .executeTakeFirst();
}

/** Writes what a step learned. False: a later attempt has taken over, and this one has to end. */
export async function noteStep(
  db: Database,
  { id, attempt }: AttemptRef,
  step: Updateable<AnswersTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('answers')
    .set({ ...step, triedAt: sql`now()` })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', 'in', ['sending', 'sent', 'discarded'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** A draft may still be made by a request without an answer: the mailbox is searched for it once the answer is over. */
export async function noteDraftPossible(db: Database, ref: AttemptRef, sweepAfterMs: number): Promise<void> {
  await noteStep(db, ref, { draftSweepAt: after(sweepAfterMs) as never });
}

/** How often a mailbox is asked again that could not be searched, and for how long after the answer was over. */
const SWEEP_AGAIN_HOURS = 1;
const SWEEPS_FOR_DAYS = 7;

/** Ends a search for drafts that were left: done, or to be repeated later, because the mailbox could not be asked. */
export async function endSweep(
  db: Queryable,
  { id, attempt }: AttemptRef,
  { isDone }: { readonly isDone: boolean },
): Promise<void> {
  const again = sql<Date | null>`case
    when ended_at > now() - ${SWEEPS_FOR_DAYS} * interval '1 day' then now() + ${SWEEP_AGAIN_HOURS} * interval '1 hour'
  end`;
  await db
    .updateTable('answers')
    .set({
      draftSweepAt: isDone ? null : again,
      triedAt: null,
      // Of a sent answer it is that of the sent mail.
      graphId: sql<string | null>`case when state = 'sent' then graph_id end`,
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', 'in', ['sent', 'discarded'])
    .execute();
}

/** From now on the answer may have been sent, even if the request is never answered. Written before the request. */
export async function noteSendRequested(db: Database, ref: AttemptRef): Promise<boolean> {
  return await noteStep(db, ref, { sendRequestedAt: sql`now()` as never, sendAcceptedAt: null });
}

/** Ends an attempt that is to be repeated: the answer shows what it waits for. */
export async function noteTrouble(
  db: Database,
  { id, attempt }: AttemptRef,
  {
    reason,
    trace,
    retryInMs,
  }: { readonly reason: SendingReason | null; readonly trace: FailureTrace; readonly retryInMs: number },
): Promise<void> {
  await db
    .updateTable('answers')
    .set({
      triedAt: null,
      retryAt: sql`now() + ${retryInMs} * interval '1 millisecond'`,
      reason,
      code: trace.code ?? null,
      status: trace.status ?? null,
      requestId: trace.requestId ?? null,
      reasonSince:
        reason === null
          ? null
          : sql<Date>`case when reason = ${reason} then coalesce(reason_since, now()) else now() end`,
    })
    .where('id', '=', id)
    .where('attempt', '=', attempt)
    .where('state', '=', 'sending')
    .execute();
}

export async function isSent(db: Database, id: string): Promise<boolean> {
  const row = await db.selectFrom('answers').select('state').where('id', '=', id).executeTakeFirst();
  return row?.state === 'sent';
}

export type SendingEnd =
  | { readonly state: 'sent'; readonly internetMessageId: string | undefined; readonly webLink: string | undefined }
  | { readonly state: 'failed' | 'unknown'; readonly reason: SendingReason; readonly trace: FailureTrace };

/**
 * Ends the sending of an answer. A failed one opens its item again; of a sent one the files go, because the sent mail has
 * them.
 */
export async function endSending(db: Database, { id, attempt }: AttemptRef, end: SendingEnd): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const row = await lockRow(trx, id);
    if (row?.state === 'sending' && row.attempt === attempt) await settle(trx, row, end);
  });
}

async function settle(trx: Transaction<Schema>, row: Row, end: SendingEnd): Promise<void> {
  const isFailed = end.state === 'failed';
  if (isFailed && row.completedItem) {
    await reopenAfterAnswer(trx, row.itemId, { holder: row.sentBy, keepsClaim: false });
  }
  const facts =
    end.state === 'sent'
      ? { quote: null, internetMessageId: end.internetMessageId ?? null, webLink: end.webLink ?? null }
      : {
          reason: end.reason,
          code: end.trace.code ?? null,
          status: end.trace.status ?? null,
          requestId: end.trace.requestId ?? null,
          reasonSince: sql<Date>`now()`,
        };
  await trx
    .updateTable('answers')
    .set({
      ...noReason,
      state: end.state,
      triedAt: null,
      ...(isFailed ? { completedItem: false } : {}),
      ...facts,
      endedAt: sql<Date>`now()`,
    })
    .where('id', '=', row.id)
    .execute();
  if (end.state !== 'sent') return;
  await trx
    .deleteFrom('answerAttachmentParts')
    .where('attachmentId', 'in', (select) =>
      select.selectFrom('answerAttachments').select('id').where('answerId', '=', row.id),
    )
    .execute();
}

/** The sign-in of the account does not allow sending: it says so, and reads on. */
export async function noteSendingNotGranted(
  db: Database,
  { accountId, signInNumber }: { readonly accountId: string; readonly signInNumber: number },
): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ sendingGranted: false })
    .where('id', '=', accountId)
    .where('signInNumber', '=', signInNumber)
    .execute();
}

/** Time after which a worker looks after an answer whose workflow did not. */
const OVERDUE_AFTER_SECONDS = 20;

/**
 * Answers that are due and that no attempt works on: their workflow does not run, or Temporal was away. And those that are
 * over and may have left a draft in the mailbox, when it is time to look for it. Each part has an index of its own.
 */
export async function listOverdueAnswers(db: Database, limit: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    with overdue as (select now() - ${OVERDUE_AFTER_SECONDS} * interval '1 second' as since)
    select id from (
      (select id, send_at as due from answers, overdue
        where state in ('scheduled', 'sending') and greatest(send_at, retry_at, tried_at) < since
        order by send_at limit ${limit})
      union all
      (select id, draft_sweep_at from answers, overdue
        where draft_sweep_at < now() and state in ('sent', 'discarded') and (tried_at is null or tried_at < since)
        order by draft_sweep_at limit ${limit})
      union all
      (select id, ended_at from answers, overdue
        where state = 'discarded' and graph_id is not null and draft_sweep_at is null
          and coalesce(greatest(send_at, retry_at, tried_at), ended_at) < since
        order by ended_at limit ${limit})
    ) due order by due limit ${limit}
  `.execute(db);
  return rows.map(({ id }) => id);
}

/** Notes which attachments of the answer are in the draft at Graph; null: in none. */
export async function noteAttached(db: Database, attachmentId: string, graphId: string | null): Promise<void> {
  await db.updateTable('answerAttachments').set({ graphId }).where('id', '=', attachmentId).execute();
}

export async function listFilesToSend(db: Database, answerId: string) {
  return await db
    .selectFrom('answerAttachments')
    .select(['id', 'name', 'contentType', 'size', 'isInline', 'contentId', 'graphId'])
    .where('answerId', '=', answerId)
    .where('isComplete', '=', true)
    .orderBy('id')
    .execute();
}

/** The draft at Graph is gone: the next one is made from the start. */
export async function forgetGraphDraft(db: Database, ref: AttemptRef): Promise<boolean> {
  const isOwn = await noteStep(db, ref, { graphId: null, quote: null, graphAttachments: [] });
  if (isOwn) await db.updateTable('answerAttachments').set({ graphId: null }).where('answerId', '=', ref.id).execute();
  return isOwn;
}
