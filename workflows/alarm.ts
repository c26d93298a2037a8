import { CancellationScope, sleep } from '@temporalio/workflow';
import { MIN_SLEEP_MS } from '../domain/schedule.ts';

/**
 * One timer that outlives the sleeps for which it was set. A sleep of its own for each wait would be started and
 * cancelled with every mail: two events of history, each with its write.
 */
export function createAlarm() {
  let setFor = Number.POSITIVE_INFINITY;
  let rung = 0;
  let timer: CancellationScope | undefined;

  return {
    /** Grows whenever the alarm goes off. */
    rung: () => rung,
    /**
     * Lets it go off at this time (milliseconds since 1970), or earlier: who wakes looks at the time again. `summary` says
     * for what it is set.
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
        .catch(() => {}); // replaced by an earlier one, or cancelled with the workflow
    },
  };
}
