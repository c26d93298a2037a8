import { hasTroubleLasted } from '../../database/accounts/account-conditions.ts';
import type { PageOutcome } from '../../database/capture/capture.ts';
import { findKnownMessages } from '../../database/capture/known-messages.ts';
import { type DrainRecord, recordDrain } from '../../database/ingest/drains.ts';
import type { Hold } from '../access/mailbox-hold.ts';
import type { Dependencies } from '../dependencies.ts';

/** Mail arrives here; other folders hold what somebody, or a rule of the mailbox, has put away. */
export const FOLDER = 'inbox';

/** Headers and attachments are requests of their own where a page does not carry them. */
export const REQUESTS_OF_A_MESSAGE = 2;

/** What a turn has done so far. */
export interface CaptureCounts {
  pages: number;
  captured: number;
  known: number;
  skipped: number;
  quarantined: number;
}

/** One turn of work on a mailbox that is held: what it is made with, and what it counts. */
export interface CaptureTurn extends Dependencies, Hold {
  readonly counts: CaptureCounts;
  /** Of a poll: it asks for everything once only. What does not come is left to the workflow's drain, which asks again. */
  readonly isShort: boolean;
  /** Requests that may be in flight at a time. */
  readonly concurrency: number;
  /** Remembers what the turn did. */
  remember(drain: DrainRecord): Promise<void>;
  /** Which of these messages are captured already. */
  findKnown(graphIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Microsoft has not been able to give something of this mailbox for a while. */
  hasLasted(): Promise<boolean>;
}

/** Microsoft allows four requests at a time for each mailbox; the fourth is the reader's. */
const REQUESTS_OF_A_DRAIN = 3;
/** Polls and drains never wait for each other: one request of the reader and three of a drain are four. */
const REQUESTS_OF_A_POLL = 1;

/** A turn of the workflow that has done nothing yet. */
export function createCaptureTurn(dependencies: Dependencies, hold: Hold): CaptureTurn {
  const { db } = dependencies;
  const { accountId } = hold;
  const remember = (drain: DrainRecord) => recordDrain(db, { accountId, ...drain });
  return createTurn(dependencies, hold, { isShort: false, concurrency: REQUESTS_OF_A_DRAIN, remember });
}

/** A turn of a poll. What it did is remembered together with the poll's end. */
export function createPollTurn(
  dependencies: Dependencies,
  hold: Hold,
  remember: (drain: DrainRecord) => void,
): CaptureTurn {
  return createTurn(dependencies, hold, {
    isShort: true,
    concurrency: REQUESTS_OF_A_POLL,
    remember: async (drain) => remember(drain),
  });
}

function createTurn(
  dependencies: Dependencies,
  hold: Hold,
  manner: Pick<CaptureTurn, 'isShort' | 'concurrency' | 'remember'>,
): CaptureTurn {
  const counts = { pages: 0, captured: 0, known: 0, skipped: 0, quarantined: 0 };
  const { db } = dependencies;
  const { accountId } = hold;
  return {
    ...dependencies,
    ...hold,
    ...manner,
    counts,
    findKnown: (graphIds) => findKnownMessages(db, accountId, graphIds),
    hasLasted: () => hasTroubleLasted(db, accountId),
  };
}

/** Adds what a page did. */
export function count(counts: CaptureCounts, outcome: Extract<PageOutcome, { written: true }>): void {
  counts.captured += outcome.captured;
  counts.known += outcome.known;
  counts.skipped += outcome.skipped;
  counts.quarantined += outcome.quarantined;
}
