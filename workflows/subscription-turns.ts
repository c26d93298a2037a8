import type { SubscriptionReport } from '../contract/activities.ts';
import { SUBSCRIPTION_POSSIBLE_AGAIN_MS } from '../domain/schedule.ts';
import { keepSubscription } from './activities.ts';

/**
 * Maintains an account's subscription beside its drains, one turn at a time: mail is read while Microsoft is slow to
 * create a subscription, and also when it creates none.
 */
export function createSubscriptionTurns(accountId: string) {
  let inFlight = false;
  let ended = 0;

  return {
    idle: () => !inFlight,
    /** Increases whenever a turn ends, so that waiting code checks again. */
    ended: () => ended,
    /** Starts a turn, unless one is running. */
    start(onReport: (report: SubscriptionReport) => void): void {
      if (inFlight) return;
      inFlight = true;
      void keepSubscription(accountId)
        // Attempts failed for an unknown reason: retried tomorrow, polled until then.
        .then((report) => onReport(report ?? { dueAt: Date.now() + SUBSCRIPTION_POSSIBLE_AGAIN_MS, isNew: false }))
        .catch(() => {}) // cancelled, with the workflow
        .finally(() => {
          inFlight = false;
          ended++;
        });
    },
  };
}
