import { CancellationScope, sleep } from '@temporalio/workflow';
import { MIN_SLEEP_MS } from '../domain/schedule.ts';

/**
 * One timer that outlives the sleeps for which it was set. A separate timer for each wait would be started and
 * cancelled with every message: two events of history, each with its write.
 */
export function createAlarm() {
  let setFor = Number.POSITIVE_INFINITY;
  let rung = 0;
  let timer: CancellationScope | undefined;

  return {
    /** Increases each time the alarm fires. */
    rung: () => rung,
    /**
     * Fires at this time (milliseconds since 1970) or earlier, so callers check the time again when they wake.
     * `summary` says what it is set for.
     */
    setFor(at: number, summary: string): void {
      if (setFor <= at) return;
      timer?.cancel();
      const own = new CancellationScope();
      timer = own;
      setFor = at;
      own
        .run(() => sleep(Math.max(MIN_SLEEP_MS, at - Date.now()), { summary }))
        .then(() => {
          setFor = Number.POSITIVE_INFINITY;
          rung++;
        })
        .catch(() => {}); // replaced by an earlier one, cleared, or cancelled with the workflow
    },
    isSet: () => setFor < Number.POSITIVE_INFINITY,
    clear(): void {
      timer?.cancel();
      setFor = Number.POSITIVE_INFINITY;
    },
  };
}
