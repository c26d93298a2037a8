import { noteDrafts } from '../../database/capture/inbox-drafts.ts';
import { findKnownMessages } from '../../database/capture/known-messages.ts';
import { recordDifferences } from '../../database/ingest/differences.ts';
import type { WalkEnd } from '../../domain/drain-outcome.ts';
import type { ListedMessage, UnlistedMessage } from '../../graph/mail/inbox-list.ts';
import { prepareListed } from '../message/page-preparation.ts';
import { type CaptureTurn, captureBesideWalk, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';

/** Messages that are read and then written together. */
const MESSAGES_AT_A_TIME = 20;

/** Drafts are not mail yet: they are read again after an hour in the inbox. */
export async function noteListedDrafts(
  { db, accountId }: Pick<CaptureTurn, 'db' | 'accountId'>,
  drafts: readonly string[],
): Promise<void> {
  const known = await findKnownMessages(db, accountId, drafts);
  await noteDrafts(
    db,
    accountId,
    drafts.filter((id) => !known.has(id)),
  );
}

/**
 * Puts messages that Microsoft cannot even list into quarantine, by their time of receipt, which is all that is known.
 * False when the account is disabled.
 */
export async function parkUnlisted(
  turn: CaptureTurn,
  unlisted: readonly UnlistedMessage[],
  origin: 'list' | 'comparison' | 'retry',
): Promise<boolean> {
  if (unlisted.length === 0) return true;
  const rejected = unlisted.map(({ id, receivedAt }) => ({
    graphId: id,
    reason: 'unreadable' as const,
    preview: { receivedAt: receivedAt.toISOString() },
  }));
  return await captureBesideWalk(turn, { origin, messages: [], rejected });
}

export interface ListedCapture {
  /** `current`: all of them. */
  readonly outcome: WalkEnd;
  /** Messages that disappeared before they could be read. */
  readonly gone: number;
}

/**
 * Reads and captures listed messages. Safe to repeat: captured messages are no longer missing. A reconciliation's
 * messages are recorded as differences, including those that disappeared.
 */
export async function captureListed(
  turn: CaptureTurn,
  missing: readonly ListedMessage[],
  { origin, captureFrom, endsAt }: CaptureOfList,
): Promise<ListedCapture> {
  const { db, accountId } = turn;
  const receivedAt = new Map(missing.map((message) => [message.id, message.receivedAt]));
  let gone = 0;
  for (let done = 0; done < missing.length; done += MESSAGES_AT_A_TIME) {
    if (done > 0 && Date.now() > endsAt) return { outcome: 'more', gone };
    const ids = missing.slice(done, done + MESSAGES_AT_A_TIME).map(({ id }) => id);
    await turn.beforeStep(done, REQUESTS_OF_A_MESSAGE * ids.length);
    const { messages, rejected, ...page } = await prepareListed(ids, { ...turn, captureFrom, receivedAt });
    if (!(await captureBesideWalk(turn, { origin, messages, rejected }))) return { outcome: 'paused', gone };
    gone += page.gone.length;
    if (origin === 'comparison') {
      const differences = page.gone.map((id) => [id, { outcome: 'gone', receivedAt: receivedAt.get(id) }] as const);
      await recordDifferences(db, accountId, new Map(differences));
    }
  }
  return { outcome: 'current', gone };
}

export interface CaptureOfList {
  readonly origin: 'list' | 'comparison';
  readonly captureFrom: Date | null;
  /** Milliseconds since 1970 after which no further step begins; one step is always made. */
  readonly endsAt: number;
}
