/** How long one reading of content keeps others of its mailbox waiting, in milliseconds. */
export interface ContentTurnTimes {
  /** A reading has its turn for so long, whoever waits: half of what a person waits. Longer each time that it yielded… */
  readonly firstOwnMs: number;
  /** …until so long, in which what comes slowly has a chance to be whole although others go on asking. */
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
