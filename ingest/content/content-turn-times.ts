/** How long one reading of content keeps others of its mailbox waiting, in milliseconds. */
export interface ContentTurnTimes {
  /** Length of a reading's first turn, also while others wait: half of what a person waits. Each further one is longer… */
  readonly firstOwnMs: number;
  /** …up to this, in which slow content has a chance to arrive whole although others keep asking. */
  readonly lastOwnMs: number;
  /** Faster than this, it keeps its turn: the largest file takes two and a half minutes. Exchange Online gives several times that. */
  readonly fastBytesPerSecond: number;
  /** A turn is renewed, and asked whether others wait for it. */
  readonly renewedEveryMs: number;
  /** Until a reading that yielded looks for its next turn. */
  readonly yieldsForMs: number;
}

export const CONTENT_TURN_TIMES: ContentTurnTimes = {
  firstOwnMs: 15_000,
  lastOwnMs: 60_000,
  fastBytesPerSecond: 1_024 * 1_024,
  renewedEveryMs: 2_500,
  yieldsForMs: 1_000,
};
