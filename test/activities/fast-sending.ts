/** Times of sending that are short enough for tests, and in the same order as in production. */
export const FAST_SENDING = {
  firstWaitMs: 50,
  leaseMs: 1_000,
  resendAfterMs: 600,
  proofMs: 1_500,
  giveUpMs: 60_000,
  lateAfterMs: 60_000,
  sweepAfterMs: 5_000,
};
