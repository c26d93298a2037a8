import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
}

/** Polls until the answer is true. Throws after `timeoutMs`, with what it waited for. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  { timeoutMs, everyMs = 50 }: UntilOptions,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Not within ${timeoutMs / 1_000} s: ${what}`);
    await sleep(everyMs);
  }
}
