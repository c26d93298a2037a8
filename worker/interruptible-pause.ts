import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses of a loop that somebody may end early, also before they have begun. */
export interface InterruptiblePause {
  /** Waits for `ms`, or until somebody interrupts, but in that case no less than `leastMs`. */
  wait(ms: number, leastMs: number): Promise<void>;
  interrupt(): void;
  /** Ends the pause that is under way, and all that follow, at once. */
  end(): void;
}

export function createInterruptiblePause(): InterruptiblePause {
  const ended = new AbortController();
  let interrupted = new AbortController();
  const pause = (ms: number, ...signals: AbortSignal[]) =>
    sleep(ms, undefined, { signal: AbortSignal.any([ended.signal, ...signals]) }).catch(() => {});

  return {
    async wait(ms, leastMs) {
      await pause(Math.min(ms, leastMs));
      await pause(ms - leastMs, interrupted.signal);
      interrupted = new AbortController();
    },
    interrupt: () => interrupted.abort(),
    end: () => ended.abort(),
  };
}
