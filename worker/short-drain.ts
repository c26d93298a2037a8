import { createCaptureTurn } from '../activities/capture-turn.ts';
import { type PageAhead, walkDelta } from '../activities/delta-walk.ts';
import type { Dependencies } from '../activities/dependencies.ts';
import { rememberDrain } from '../activities/drain-record.ts';
import { withMailboxHeld } from '../activities/mailbox-hold.ts';
import type { DueWatch } from '../database/looks.ts';
import { LOOK_LEASE_MS, shortDrainMs } from '../domain/schedule.ts';

export interface ShortDrain {
  /** `more`: the workflow is to go on. `paused`: the account is not enabled any more. */
  readonly outcome: 'current' | 'more' | 'paused';
  readonly captured: number;
}

export interface FoundPage {
  /** The page that a look read and found mail in. */
  readonly ahead: PageAhead;
  /** Requests that the look sent. */
  readonly requests: number;
  readonly signal: AbortSignal;
}

/**
 * Captures what a look found, and what follows it within a second (decision 16). The same as a drain of the workflow, but
 * that nothing is shown or retried: whoever looks decides what follows from a failure. Throws Unavailable (`mailbox-held`)
 * while somebody else reads the mailbox, Throttled, CursorExpired, LeftToDrain and whatever a walk throws.
 */
export async function drainShortly(
  dependencies: Dependencies,
  { accountId }: Pick<DueWatch, 'accountId'>,
  { ahead, requests, signal }: FoundPage,
): Promise<ShortDrain> {
  const holder = {
    signal,
    leaseMs: LOOK_LEASE_MS,
    patienceMs: 0,
    suspendsWatch: false,
    sentBefore: requests,
    heartbeat() {},
    async failed() {},
  };
  return await withMailboxHeld(dependencies, accountId, holder, async (hold) => {
    const turn = createCaptureTurn(dependencies, hold, { isShort: true });
    const endsAt = Date.now() + shortDrainMs(Math.random());
    const outcome = await rememberDrain<ShortDrain['outcome']>(turn, async () => {
      const end = await walkDelta(turn, { endsAt, ahead, mayRestart: false });
      return typeof end === 'object' ? 'more' : end;
    });
    return { outcome, captured: turn.counts.captured };
  });
}
