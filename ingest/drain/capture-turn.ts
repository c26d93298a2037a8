import { hasTroubleLasted } from '../../database/accounts/account-conditions.ts';
import { capturePage, type Page, type PageOutcome } from '../../database/capture/capture.ts';
import { findKnownMessages } from '../../database/capture/known-messages.ts';
import { type DrainRecord, recordDrain } from '../../database/ingest/drains.ts';
import type { Hold } from '../access/mailbox-hold.ts';
import type { Dependencies } from '../dependencies.ts';

/** New mail arrives here; other folders hold mail that a person or a mailbox rule has moved. */
export const FOLDER = 'inbox';

/** Headers and attachments each cost a request where a page does not include them. */
export const REQUESTS_OF_A_MESSAGE = 2;

/** Counts of a turn so far. */
export interface CaptureCounts {
  pages: number;
  captured: number;
  known: number;
  skipped: number;
  quarantined: number;
}

/** One turn of work on a leased mailbox: its ports and its counts. */
export interface CaptureTurn extends Dependencies, Hold {
  readonly counts: CaptureCounts;
  /** True for a poll: each request is sent only once, and failures are left to the workflow's drain, which retries. */
  readonly isShort: boolean;
  /** Requests in flight at once. */
  readonly concurrency: number;
  /** Records what the turn did. */
  remember(drain: DrainRecord): Promise<void>;
  /** Which of these messages are captured already. */
  findKnown(graphIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Microsoft has failed to serve something of this mailbox for a while. */
  hasLasted(): Promise<boolean>;
}

/** Microsoft allows four requests at once for each mailbox; the fourth is the reader's. */
const REQUESTS_OF_A_DRAIN = 3;
/** Polls and drains never wait for each other: one request of the reader and three of a drain are four. */
const REQUESTS_OF_A_POLL = 1;

/** A new turn of the workflow, or of a poll, whose record is stored together with the poll's end. */
export function createCaptureTurn(
  dependencies: Dependencies,
  hold: Hold,
  poll?: { readonly remember: (drain: DrainRecord) => void },
): CaptureTurn {
  const { db } = dependencies;
  const { accountId } = hold;
  return {
    ...dependencies,
    ...hold,
    counts: { pages: 0, captured: 0, known: 0, skipped: 0, quarantined: 0 },
    isShort: poll !== undefined,
    concurrency: poll ? REQUESTS_OF_A_POLL : REQUESTS_OF_A_DRAIN,
    remember: async (drain) => (poll ? poll.remember(drain) : recordDrain(db, { accountId, ...drain })),
    findKnown: (graphIds) => findKnownMessages(db, accountId, graphIds),
    hasLasted: () => hasTroubleLasted(db, accountId),
  };
}

/** Adds the counts of a page. */
export function count(counts: CaptureCounts, outcome: Extract<PageOutcome, { written: true }>): void {
  counts.captured += outcome.captured;
  counts.known += outcome.known;
  counts.skipped += outcome.skipped;
  counts.quarantined += outcome.quarantined;
}

/** Captures messages beside the walk of changes, and counts them. False when the account is no longer read. */
export async function captureBesideWalk(
  { db, accountId, counts }: CaptureTurn,
  { origin, messages, rejected }: Pick<Page, 'origin' | 'messages' | 'rejected'>,
): Promise<boolean> {
  const outcome = await capturePage(db, { accountId, folder: FOLDER, origin, step: undefined, messages, rejected });
  if (outcome.written) count(counts, outcome);
  return outcome.written;
}
