/** How long sending waits for what, in milliseconds. */
export interface SendingTimes {
  /** The first wait for something to happen at Microsoft. */
  readonly firstWaitMs: number;
  /** An attempt without a sign of life for this long is over. */
  readonly leaseMs: number;
  /**
   * A request to send that was not answered may still be carried out: a mailbox that sends more than 30 mails a minute
   * has them wait as drafts. What is still a draft after this was not sent, and is sent again.
   */
  readonly resendAfterMs: number;
  /** After this, what cannot be found in the mailbox is unknown. */
  readonly proofMs: number;
  /** After this, an answer that Microsoft did not take fails, so that a person decides. */
  readonly giveUpMs: number;
  /**
   * A first attempt that is later than this looks into the mailbox as well: the rows may be those of a backup, from before
   * the answer was sent.
   */
  readonly lateAfterMs: number;
  /** After this, a request of an attempt that ended in the middle is carried out, or never will be. */
  readonly sweepAfterMs: number;
}

export const SENDING_TIMES: SendingTimes = {
  firstWaitMs: 1_000,
  leaseMs: 20_000,
  resendAfterMs: 5 * 60_000,
  proofMs: 10 * 60_000,
  // Half a working day: the customer can still be called.
  giveUpMs: 4 * 3_600_000,
  lateAfterMs: 60_000,
  sweepAfterMs: 5 * 60_000,
};

const LAST_LOOK_MS = 60_000;
const LAST_TRY_MS = 5 * 60_000;

/** When to look into the mailbox again for an answer that was sent so long ago. */
export function nextLookMs(sentAgoMs: number, { firstWaitMs }: SendingTimes): number {
  return Math.min(LAST_LOOK_MS, Math.max(firstWaitMs, sentAgoMs / 2));
}

/** When to try again what Microsoft did not take: the longer the answer waits, the later. */
export function nextTryMs(waitsSinceMs: number, { firstWaitMs }: SendingTimes): number {
  return Math.min(LAST_TRY_MS, Math.max(2 * firstWaitMs, waitsSinceMs / 3));
}
