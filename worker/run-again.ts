import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** Work that ran this long is considered healthy: its next failure starts with the shortest delay. */
const SOUND_AFTER_MS = 60_000;

/**
 * Runs long-lived work, and restarts it whenever it fails: after 1 s, then after twice as long each time, 30 s at most.
 * Resolves when the work ends without an error, or when the signal is aborted. Never rejects.
 */
export async function runAgain(
  work: () => Promise<void>,
  { signal, onFailure }: { readonly signal: AbortSignal; readonly onFailure: (error: unknown, waitMs: number) => void },
): Promise<void> {
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS)) {
    const beganAt = performance.now();
    try {
      return await work();
    } catch (error) {
      if (performance.now() - beganAt >= SOUND_AFTER_MS) waitMs = FIRST_WAIT_MS;
      onFailure(error, waitMs);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
}
