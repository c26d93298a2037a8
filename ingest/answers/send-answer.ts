import type { SendingReport } from '../../contract/answer.ts';
import {
  beginSending,
  endSending,
  endSweep,
  forgetGraphDraft,
  isSent,
  noteDraftPossible,
  noteSendingNotGranted,
  noteSendRequested,
  noteStep,
  noteTrouble,
} from '../../database/answers/sending.ts';
import type { SendingReason } from '../../domain/answer.ts';
import { isFailure } from '../../domain/failure.ts';
import { createSendingClient, type MailInMailbox } from '../../graph/sending/sending-client.ts';
import { SendingRefusal } from '../../graph/sending/sending-refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { fillDraft } from './fill-draft.ts';
import { nextLookMs, nextTryMs, SENDING_TIMES } from './sending-times.ts';
import { keepAlive, Overtaken, type SendingTurn, sweepDrafts } from './sending-turn.ts';

export interface SendingOptions {
  readonly signal: AbortSignal;
  /** Reports that the work continues. */
  readonly heartbeat: () => void;
}

/**
 * One attempt to send an answer, or to find out what became of an earlier one. Steps, each written down before the next:
 *
 * 1. look into the mailbox for what an earlier attempt left: by the id of its draft, or by the marker; a first attempt
 *    looks if it is late, because the rows may be older than what was sent (a restored backup);
 * 2. create Graph's draft, with the marker in the request that creates it;
 * 3. put our text and files into it;
 * 4. note that it may have been sent from here on, then send it;
 * 5. find it in the mailbox as a sent mail.
 *
 * After step 4 nothing is created any more, and a draft is sent again only if it is still one long after a request that
 * was not answered: so an answer is sent once, or its state is `unknown`. What goes wrong is in the row and in the report;
 * only errors of our own side are thrown.
 */
export async function sendAnswer(
  dependencies: Dependencies,
  answerId: string,
  { signal, heartbeat }: SendingOptions,
): Promise<SendingReport> {
  const { db } = dependencies;
  const times = { ...SENDING_TIMES, ...dependencies.sendingTimes };
  const start = await beginSending(db, answerId, times);
  if (start.outcome === 'over') return { nextInMs: null };
  if (start.outcome === 'wait') return { nextInMs: Math.max(start.inMs, 100) };
  const { work } = start;
  const alive = keepAlive(db, work, { signal, heartbeat, everyMs: times.leaseMs / 4 });
  const client = createSendingClient({
    cloud: dependencies.cloud,
    sharedAddress: work.account.sharedAddress,
    applicationAddress: work.account.applicationAddress,
    getAccessToken: (options) => dependencies.sendingTokens.get(work.account, { ...options, signal: alive.signal }),
  });
  const turn: SendingTurn = { dependencies, work, client, times, signal: alive.signal };
  try {
    return work.isOver ? await sweepDrafts(turn) : await attempt(turn);
  } catch (error) {
    if (alive.isOvertaken() || error instanceof Overtaken) return await leaveToOther(turn);
    signal.throwIfAborted();
    return await concludeTrouble(turn, error);
  } finally {
    await alive.stop();
    await client.settled();
  }
}

async function attempt(turn: SendingTurn): Promise<SendingReport> {
  const { work } = turn;
  const found = await findEarlier(turn);
  if (found && !found.isDraft) return await succeed(turn, found);
  if (work.sendRequestedAgoMs !== undefined) return await judgeUnproved(turn, found, work.sendRequestedAgoMs);
  let draft = found;
  if (!draft) {
    if (work.messageId === undefined) throw new SendingRefusal('message-gone', {});
    draft = await createDraft(turn, work.messageId);
  }
  await fillDraft(turn, draft.id);
  return await send(turn, draft.id);
}

async function createDraft({ client, work, times, dependencies, signal }: SendingTurn, messageId: string) {
  const { id: answerId, kind, isAutomatic } = work;
  try {
    return await client.createDraft({ kind, messageId, answerId, isAutomatic }, signal);
  } catch (error) {
    const isUnclear = error instanceof SendingRefusal ? error.isUnclear : isUnansweredRequest(error);
    if (isUnclear) await noteDraftPossible(dependencies.db, work, times.sweepAfterMs);
    throw error;
  }
}

/** The draft or the sent mail of an earlier attempt. A first attempt in time has none. */
async function findEarlier({
  client,
  work,
  times,
  dependencies,
  signal,
}: SendingTurn): Promise<MailInMailbox | undefined> {
  if (work.graphId !== null) {
    const known = await client.findById(work.graphId, signal);
    if (known) return known;
  }
  if (work.attempt === 1 && work.dueAgoMs < times.lateAfterMs) return undefined;
  const marked = await client.findByMarker(work.id, signal);
  const sent = marked.find(({ isDraft }) => !isDraft);
  if (sent) return sent;
  if (work.graphId !== null && work.sendRequestedAgoMs === undefined) {
    await forgetGraphDraft(dependencies.db, work);
  }
  return marked[0];
}

/**
 * Another attempt has taken over while this one stood still. If it has sent the answer, a draft that this one was making is
 * left over: the other could not see it.
 */
async function leaveToOther({ dependencies, work, client, times }: SendingTurn): Promise<SendingReport> {
  if (await isSent(dependencies.db, work.id)) await removeDraft({ dependencies, work }, client);
  return { nextInMs: times.leaseMs };
}

/** Sending was requested, and the mailbox does not show that it was carried out. */
async function judgeUnproved(
  turn: SendingTurn,
  found: MailInMailbox | undefined,
  requestedAgoMs: number,
): Promise<SendingReport> {
  const { dependencies, work, times } = turn;
  const isResendable = found !== undefined && !work.sendAccepted && requestedAgoMs >= times.resendAfterMs;
  if (isResendable && work.scheduledAgoMs < times.giveUpMs) return await send(turn, found.id);
  if (requestedAgoMs < times.proofMs) return await lookLater(turn, requestedAgoMs);
  const reason: SendingReason = found ? 'still-a-draft' : work.sendAccepted ? 'not-in-sent-items' : 'no-answer';
  await endSending(dependencies.db, work, { state: 'unknown', reason, trace: {} });
  return { nextInMs: null };
}

async function send(turn: SendingTurn, draftId: string): Promise<SendingReport> {
  const { dependencies, work, client, signal } = turn;
  const { db } = dependencies;
  if (!(await noteSendRequested(db, work))) return { nextInMs: null };
  try {
    await client.send(draftId, signal);
  } catch (error) {
    // Refused for certain; an earlier request was not carried out either, because the draft is still one.
    if (error instanceof SendingRefusal && !error.isUnclear && error.reason !== 'message-gone') {
      await noteStep(db, work, { sendRequestedAt: null });
      return await concludeTrouble({ ...turn, work: { ...work, sendRequestedAgoMs: undefined } }, error);
    }
    signal.throwIfAborted();
    // Not answered, or the draft is gone: only the mailbox knows. Unless it is an error of our own.
    if (!(error instanceof SendingRefusal || isFailure(error))) throw error;
    if (isFailure(error) && !isUnansweredRequest(error)) {
      await noteStep(db, work, { sendRequestedAt: null });
      return await concludeTrouble({ ...turn, work: { ...work, sendRequestedAgoMs: undefined } }, error);
    }
    return await lookLater(turn, 0);
  }
  await noteStep(db, work, { sendAcceptedAt: new Date() });
  const sent = await client.findById(draftId, signal).catch(() => undefined);
  return sent && !sent.isDraft ? await succeed(turn, sent) : await lookLater(turn, 0);
}

/** Of a connection that was never there; and other failures than a broken connection come from the token. */
const neverConnected: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

function isUnansweredRequest(error: unknown): boolean {
  return isFailure(error) && error.type === 'Unavailable' && !neverConnected.has(error.code ?? '');
}

async function lookLater({ dependencies, work, times }: SendingTurn, requestedAgoMs: number): Promise<SendingReport> {
  const retryInMs = nextLookMs(requestedAgoMs, times);
  await noteTrouble(dependencies.db, work, { reason: null, trace: {}, retryInMs });
  return { nextInMs: retryInMs };
}

async function succeed(turn: SendingTurn, { id, internetMessageId, webLink }: MailInMailbox): Promise<SendingReport> {
  const { dependencies, work, client, signal } = turn;
  // An attempt whose draft was not found at first may have left it behind.
  if (work.attempt > 1) {
    const marked = await client.findByMarker(work.id, signal);
    for (const left of marked) if (left.isDraft && left.id !== id) await client.removeDraft(left.id, signal);
  }
  await endSending(dependencies.db, work, { state: 'sent', internetMessageId, webLink });
  return { nextInMs: null };
}

/** Reasons that pass by themselves. */
const passing: ReadonlySet<SendingReason> = new Set(['throttled', 'microsoft-down', 'settings-refused']);

/** A step failed: another attempt later, or the answer comes back to its person. */
async function concludeTrouble(turn: SendingTurn, error: unknown): Promise<SendingReport> {
  const { dependencies, work, client, times } = turn;
  const { db } = dependencies;
  const refusal = asRefusal(error);
  if (!refusal) throw error;
  if (work.isOver) {
    await endSweep(db, work, { isDone: false });
    return { nextInMs: null };
  }
  const { reason, trace } = refusal;
  if (reason === 'consent-needed') await noteSendingNotGranted(db, work.account);
  const mayHaveBeenSent = work.sendRequestedAgoMs !== undefined;
  const isOver = work.scheduledAgoMs >= times.giveUpMs;
  if (mayHaveBeenSent ? work.sendRequestedAgoMs < times.proofMs || !isOver : passing.has(reason) && !isOver) {
    const retryInMs =
      refusal.retryAfterMs ??
      (mayHaveBeenSent ? nextLookMs(work.sendRequestedAgoMs, times) : nextTryMs(work.scheduledAgoMs, times));
    await noteTrouble(db, work, { reason, trace, retryInMs });
    return { nextInMs: retryInMs };
  }
  if (mayHaveBeenSent) {
    await endSending(db, work, { state: 'unknown', reason: 'no-answer', trace });
    return { nextInMs: null };
  }
  await removeDraft(turn, client);
  await endSending(db, work, { state: 'failed', reason, trace });
  return { nextInMs: null };
}

/** Leaves no draft in the mailbox, as far as the mailbox can be asked; a next attempt finds one that remained. */
async function removeDraft(
  { dependencies, work }: Pick<SendingTurn, 'dependencies' | 'work'>,
  client: SendingTurn['client'],
): Promise<void> {
  try {
    for (const { id, isDraft } of await client.findByMarker(work.id)) if (isDraft) await client.removeDraft(id);
    await forgetGraphDraft(dependencies.db, work);
  } catch (error) {
    if (!asRefusal(error)) throw error;
  }
}

/** Undefined for errors of our own side. */
function asRefusal(error: unknown): SendingRefusal | undefined {
  if (error instanceof SendingRefusal) return error;
  if (!isFailure(error)) return undefined;
  const { type, reason, code, status, requestId, retryAfterMs } = error;
  if (reason?.startsWith('database-') || reason?.startsWith('key-')) return undefined;
  const refused = (why: SendingReason) => new SendingRefusal(why, { code, status, requestId, retryAfterMs });
  switch (type) {
    case 'CredentialRejected':
      return refused(
        reason === 'consent-needed' || reason === 'admin-consent-needed' ? 'consent-needed' : 'sign-in-needed',
      );
    case 'SettingsRejected':
      return refused('settings-refused');
    case 'Throttled':
      return refused('throttled');
    case 'Unavailable':
      return refused('microsoft-down');
    case 'MailboxGone':
      return refused('mailbox-gone');
    case 'AccessRefused':
      return refused('access-denied');
    default:
      return undefined;
  }
}
