/**
 * Which process reads a mailbox. `off`: none, because the account is disabled or a sign-in is needed. `draining`: the
 * drain of its workflow. `polling`: the reader of its share.
 */
export const watchStates = ['off', 'draining', 'polling'] as const;
export type WatchState = (typeof watchStates)[number];

/**
 * State machine of a watch: every event leads to one state, whatever the state before, so a transition that is
 * repeated, or that a worker of another release left out, does no harm. Only accounts that are enabled and signed in
 * enter `polling`. The same table is in docs/architecture.md.
 */
export const stateAfter = {
  /** Disabled, or a sign-in is needed. */
  'turned-off': 'off',
  /** Signed in or enabled: the workflow makes the first walk, or catches up. */
  'turned-on': 'draining',
  'drain-began': 'draining',
  /** The mailbox's end was reached. */
  'drain-ended': 'polling',
  /**
   * Temporal is away, or no worker takes its work: the drain has written no page for minutes, and no lease holds it.
   * The reader captures new mail until the next drain begins.
   */
  'drain-missing': 'polling',
  /** Microsoft refuses settings or access: polls find out when it accepts them again. */
  'drain-refused': 'polling',
  /** The stored sign-in is accepted again. */
  'sign-in-restored': 'polling',
} as const satisfies Record<string, WatchState>;

export type WatchEvent = keyof typeof stateAfter;
/** Events after which the reader polls, from a given time on. */
export type PollingEvent = {
  [Event in WatchEvent]: (typeof stateAfter)[Event] extends 'polling' ? Event : never;
}[WatchEvent];
