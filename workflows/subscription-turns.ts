import type { SubscriptionReport } from '../contract/activities.ts';
import { SUBSCRIPTION_POSSIBLE_AGAIN_MS } from '../domain/schedule.ts';
import { keepSubscription } from './activities.ts';

/**
 * Looks after an account's notifications beside its drains, one turn at a time: mail is read while Microsoft takes its
 * time over a subscription, and also when it makes none.
 */
export function createSubscriptionTurns(accountId: string) {
  let inFlight = false;
  let ended = 0;

  return {
    idle: () => !inFlight,
    /** Grows whenever a turn ends: what waits on something else looks again. */
    ended: () => ended,
    /** Begins a turn, unless one is under way. */
    start(onReport: (report: SubscriptionReport) => void): void {
      if (inFlight) return;
      inFlight = true;
      void keepSubscription(accountId)
        // Tries that failed for no reason we know: again tomorrow, by polling until then.
        .then((report) => onReport(report ?? { dueAt: Date.now() + SUBSCRIPTION_POSSIBLE_AGAIN_MS, isNew: false }))
        .catch(() => {}) // cancelled, with the workflow
        .finally(() => {
          inFlight = false;
          ended++;
        });
    },
  };
}
