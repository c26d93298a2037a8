import { capturePage } from '../../database/capture/capture.ts';
import { noteDrafts } from '../../database/capture/inbox-drafts.ts';
import { findKnownMessages } from '../../database/capture/known-messages.ts';
import { recordDifferences } from '../../database/ingest/differences.ts';
import type { WalkEnd } from '../../domain/drain-outcome.ts';
import type { ListedMessage, UnlistedMessage } from '../../graph/mail/inbox-list.ts';
import { prepareListed } from '../message/page-preparation.ts';
import { type CaptureTurn, count, FOLDER, REQUESTS_OF_A_MESSAGE } from './capture-turn.ts';

/** Messages that are read, and then written together. */
const MESSAGES_AT_A_TIME = 20;

/** Drafts are no mail yet: they are read again when they have lain there for an hour. */
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
 * Puts messages into quarantine that Microsoft cannot even list: by the time of their receipt, which is all that is known.
 * False when the account is not enabled any more.
 */
export async function parkUnlisted(
  { db, accountId, counts }: CaptureTurn,
  unlisted: readonly UnlistedMessage[],
  origin: 'list' | 'comparison',
): Promise<boolean> {
  if (unlisted.length === 0) return true;
  const rejected = unlisted.map(({ id, receivedAt }) => ({
    graphId: id,
    reason: 'unreadable' as const,
    preview: { receivedAt: receivedAt.toISOString() },
  }));
  const outcome = await capturePage(db, { accountId, folder: FOLDER, origin, step: undefined, messages: [], rejected });
  if (outcome.written) count(counts, outcome);
  return outcome.written;
}

export interface ListedCapture {
  /** `current`: all of them. */
  readonly outcome: WalkEnd;
  /** Messages that were gone before they could be read. */
  readonly gone: number;
}

/**
 * Reads and captures messages of which a list told. Safe to repeat: what was captured is not missing any more. Those of
 * a comparison are remembered as differences, also those that are gone.
 */
export async function captureListed(
  turn: CaptureTurn,
  missing: readonly ListedMessage[],
  { origin, captureFrom, endsAt }: CaptureOfList,
): Promise<ListedCapture> {
  const { db, accountId, counts } = turn;
  const receivedAt = new Map(missing.map((message) => [message.id, message.receivedAt]));
  let gone = 0;
  for (let done = 0; done < missing.length; done += MESSAGES_AT_A_TIME) {
    if (done > 0 && Date.now() > endsAt) return { outcome: 'more', gone };
    const ids = missing.slice(done, done + MESSAGES_AT_A_TIME).map(({ id }) => id);
    await turn.beforeStep(done, REQUESTS_OF_A_MESSAGE * ids.length);
    const { messages, rejected, ...page } = await prepareListed(ids, { ...turn, captureFrom, receivedAt });
    const outcome = await capturePage(db, { accountId, folder: FOLDER, origin, step: undefined, messages, rejected });
    if (!outcome.written) return { outcome: 'paused', gone };
    count(counts, outcome);
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
  readonly captureFrom: Date | undefined;
  /** Milliseconds since 1970 after which nothing more is begun; one step is always made. */
  readonly endsAt: number;
}
