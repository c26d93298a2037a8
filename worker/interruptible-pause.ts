import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses of a loop that another caller may cut short, even before they begin. */
export interface InterruptiblePause {
  /** Waits for `ms`. An interruption shortens that to `leastMs` at least. */
  wait(ms: number, leastMs: number): Promise<void>;
  interrupt(): void;
  /** Ends the current pause and all later ones at once. */
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
