import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { endContentTurn, renewContentTurn, takeContentTurn } from '../../database/content/content-turns.ts';
import type { Queryable } from '../../database/database.ts';
import { Failure, isFailure } from '../../domain/failure.ts';
import { CONTENT_TURN_TIMES, type ContentTurnTimes } from './content-turn-times.ts';

/** A worker that died keeps the mailbox's turn for this long. */
const LEASE_MS = 10_000;
const ASK_AGAIN_EVERY_MS = 50;

export interface ContentTurn {
  /** Aborted with the caller's, when the turn was lost, and when the work has to yield it. */
  readonly signal: AbortSignal;
  /** Bytes that came: work that is fast keeps its turn. */
  progressed(bytes: number): void;
}

/** Others wait, and the work was slow: it is done again, from its beginning, after them. */
class Yielded extends Error {
  override readonly name = 'Yielded';
}

/**
 * Runs one reading of content at a time for each mailbox, all processes together. Waits for its turn. Where others wait, a
 * slow one yields its turn and is done again after them, with more time of its own each time. Throws Throttled until the
 * time that Microsoft named to an earlier one.
 */
export async function withContentTurn<Result>(
  {
    db,
    contentTurnTimes,
  }: { readonly db: Queryable; readonly contentTurnTimes?: Partial<ContentTurnTimes> | undefined },
  accountId: string,
  signal: AbortSignal,
  work: (turn: ContentTurn) => Promise<Result>,
): Promise<Result> {
  const times = { ...CONTENT_TURN_TIMES, ...contentTurnTimes };
  for (let ownMs = times.firstOwnMs; ; ownMs = Math.min(2 * ownMs, times.lastOwnMs)) {
    try {
      return await inOneTurn(db, accountId, { ...times, ownMs, signal }, work);
    } catch (error) {
      if (!(error instanceof Yielded)) throw error;
      // Those that wait look every 50 ms.
      await sleep(times.yieldsForMs, undefined, { signal });
    }
  }
}

async function inOneTurn<Result>(
  db: Queryable,
  accountId: string,
  { signal, ownMs, renewedEveryMs, fastBytesPerSecond }: OneTurn,
  work: (turn: ContentTurn) => Promise<Result>,
): Promise<Result> {
  const holder = randomUUID();
  await waitForTurn(db, accountId, { holder, signal });
  const beganAt = performance.now();
  let bytes = 0;
  const isSlow = () => {
    const heldMs = performance.now() - beganAt;
    return heldMs > ownMs && bytes < (heldMs / 1_000) * fastBytesPerSecond;
  };
  const ended = new AbortController();
  const renewing = setInterval(async () => {
    try {
      const renewed = await renewContentTurn(db, accountId, { holder, leaseMs: LEASE_MS });
      if (renewed === undefined) ended.abort(turnLost());
      else if (renewed.isWanted && isSlow()) ended.abort(new Yielded());
    } catch {
      // The database is away for a moment: the next renewal, or the next piece of content, finds out.
    }
  }, renewedEveryMs);
  let pauseMs: number | undefined;
  try {
    const progressed = (more: number) => {
      bytes += more;
    };
    return await work({ signal: AbortSignal.any([signal, ended.signal]), progressed });
  } catch (error) {
    if (isFailure(error, 'Throttled')) pauseMs = error.retryAfterMs;
    throw error;
  } finally {
    clearInterval(renewing);
    await endContentTurn(db, accountId, { holder, pauseMs }).catch(() => {}); // it ends by itself
  }
}

interface OneTurn extends ContentTurnTimes {
  readonly signal: AbortSignal;
  /** So long no other reading makes it yield. */
  readonly ownMs: number;
}

async function waitForTurn(
  db: Queryable,
  accountId: string,
  { holder, signal }: { readonly holder: string; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    const turn = await takeContentTurn(db, accountId, { holder, leaseMs: LEASE_MS });
    if (turn.taken) return;
    if (turn.isThrottled) {
      throw new Failure('Throttled', 'Microsoft asked us to wait', {
        reason: 'rate-limited',
        retryAfterMs: turn.waitMs,
      });
    }
    await sleep(ASK_AGAIN_EVERY_MS, undefined, { signal });
  }
}

function turnLost(): Failure {
  return new Failure('Unavailable', 'Another process reads from this mailbox', { reason: 'mailbox-held' });
}
