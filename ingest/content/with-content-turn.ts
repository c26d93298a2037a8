import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { endContentTurn, takeContentTurn } from '../../database/content/content-turns.ts';
import type { Queryable } from '../../database/database.ts';
import { Failure, isFailure } from '../../domain/failure.ts';

/** A worker that died keeps the mailbox's turn for this long. */
const LEASE_MS = 10_000;
const RENEWED_EVERY_MS = LEASE_MS / 4;
const ASK_AGAIN_EVERY_MS = 50;

/**
 * Runs one reading of content at a time for each mailbox, all processes together. Waits for its turn. Throws Throttled
 * until the time that Microsoft named to an earlier one. The work ends with `signal`, which is also aborted when the turn
 * was lost.
 */
export async function withContentTurn<Result>(
  db: Queryable,
  accountId: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const holder = randomUUID();
  await waitForTurn(db, accountId, { holder, signal });
  const lost = new AbortController();
  const renewing = setInterval(async () => {
    try {
      const { taken } = await takeContentTurn(db, accountId, { holder, leaseMs: LEASE_MS });
      if (!taken) lost.abort(turnLost());
    } catch {
      // The database is away for a moment: the next renewal, or the next piece of content, finds out.
    }
  }, RENEWED_EVERY_MS);
  let pauseMs: number | undefined;
  try {
    return await work(AbortSignal.any([signal, lost.signal]));
  } catch (error) {
    if (isFailure(error, 'Throttled')) pauseMs = error.retryAfterMs;
    throw error;
  } finally {
    clearInterval(renewing);
    await endContentTurn(db, accountId, { holder, pauseMs }).catch(() => {}); // it ends by itself
  }
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
