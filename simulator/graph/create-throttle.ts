import { GraphError } from './graph-error.ts';
import type { LimitsStore } from './limits.ts';

/** Counts requests per app and mailbox. */
export interface Throttle {
  /**
   * Admits a request and returns a function to call at its end, or throws 429: for the fifth at once, or for more than
   * the window allows. Apps and mailboxes do not affect each other (learn.microsoft.com/graph/throttling-limits).
   */
  enter(clientId: string, mailboxId: number): () => void;
}

interface Counter {
  inFlight: number;
  windowStartedAt: number;
  inWindow: number;
}

export function createThrottle(limits: LimitsStore): Throttle {
  const counters = new Map<string, Counter>();

  return {
    enter(clientId, mailboxId) {
      const { concurrentRequests, requestsPerWindow, windowSeconds } = limits.current();
      const key = `${clientId} ${mailboxId}`;
      const now = Date.now();
      let counter = counters.get(key);
      if (!counter) {
        counter = { inFlight: 0, windowStartedAt: now, inWindow: 0 };
        counters.set(key, counter);
      }
      const windowEndsAt = counter.windowStartedAt + windowSeconds * 1000;
      if (now >= windowEndsAt) {
        counter.windowStartedAt = now;
        counter.inWindow = 0;
      }
      counter.inWindow += 1;
      if (counter.inWindow > requestsPerWindow) {
        const seconds = Math.max(1, Math.ceil((counter.windowStartedAt + windowSeconds * 1000 - now) / 1000));
        throw tooManyRequests('ApplicationThrottled', 'Application is over its MailboxRequests limit.', seconds);
      }
      if (counter.inFlight >= concurrentRequests) {
        throw tooManyRequests('ApplicationThrottled', 'Application is over its MailboxConcurrency limit.', 1);
      }
      const entered = counter;
      entered.inFlight += 1;
      return () => {
        entered.inFlight -= 1;
      };
    },
  };
}

export function tooManyRequests(code: string, message: string, retryAfterSeconds: number): GraphError {
  return new GraphError(429, code, message, { 'retry-after': String(retryAfterSeconds) });
}
