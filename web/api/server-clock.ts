/** The Date of an answer has whole seconds: the answer may be of the end of that second. */
const DATE_PRECISION_MS = 1_000;

interface Exchange {
  /** By the browser's clock, like the other one. */
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
}

/**
 * How far the server's clock is ahead of the browser's, learned from the Date of answers. What was assumed before stays
 * for as long as an answer allows it: a browser whose clock is right is believed, and times on the pages do not waver. A
 * clock that was set is noticed with the next answer.
 */
export function createServerClock() {
  let aheadMs = 0;
  return {
    /** `date`: the header of the answer. */
    note(date: string | null, { sentAtMs, receivedAtMs }: Exchange): void {
      const answeredMs = Date.parse(date ?? '');
      if (Number.isNaN(answeredMs)) return;
      const leastMs = answeredMs - receivedAtMs;
      const mostMs = answeredMs + DATE_PRECISION_MS - sentAtMs;
      // A second early rather than late: no person is promised more time than there is.
      if (aheadMs < leastMs || aheadMs > mostMs) aheadMs = mostMs;
    },
    /** Milliseconds since 1970. */
    now: (): number => Date.now() + aheadMs,
  };
}

/** Of this page: what the server says about times (until when something is held, offered or can be undone) counts by it. */
export const serverClock = createServerClock();
