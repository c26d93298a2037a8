import { hasTroubleLasted } from '../database/account-conditions.ts';
import type { PageOutcome } from '../database/capture.ts';
import { findKnownMessages } from '../database/known-messages.ts';
import type { Dependencies } from './dependencies.ts';
import type { Hold } from './mailbox-hold.ts';

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
  /** It asks for everything once only: what does not come is left to a drain of the workflow's, which asks several times. */
  readonly isShort: boolean;
  /** Which of these messages are captured already. */
  findKnown(graphIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Microsoft has not been able to give something of this mailbox for a while. */
  hasLasted(): Promise<boolean>;
}

/** A turn that has done nothing yet. */
export function createCaptureTurn(dependencies: Dependencies, hold: Hold, { isShort = false } = {}): CaptureTurn {
  const counts = { pages: 0, captured: 0, known: 0, skipped: 0, quarantined: 0 };
  const { db } = dependencies;
  const { accountId } = hold;
  return {
    ...dependencies,
    ...hold,
    counts,
    isShort,
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
