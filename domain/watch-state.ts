/**
 * Who reads a mailbox at the moment. `off`: no one, because the account is disabled or a sign-in is needed. `draining`: the
 * drain of its workflow. `polling`: the reader of its share.
 */
export const watchStates = ['off', 'draining', 'polling'] as const;
export type WatchState = (typeof watchStates)[number];

/**
 * The machine of a watch: every event leads to one state, whatever the state was before, so that a transition that is
 * repeated, or that a worker of another release left out, does no harm. `polling` is entered only by accounts that are
 * enabled and signed in. The same table stands in docs/architecture.md.
 */
export const stateAfter = {
  /** Disabled, or a sign-in is needed. */
  'turned-off': 'off',
  /** Signed in or enabled: the first walk, or catching up, is the workflow's. */
  'turned-on': 'draining',
  'drain-began': 'draining',
  /** It reached the mailbox's end. */
  'drain-ended': 'polling',
  /** Microsoft refuses settings or access: polls find out when that is over. */
  'drain-refused': 'polling',
  /** The stored sign-in is accepted again. */
  'sign-in-restored': 'polling',
} as const satisfies Record<string, WatchState>;

export type WatchEvent = keyof typeof stateAfter;
/** Events after which the reader polls, from a time on. */
export type PollingEvent = {
  [Event in WatchEvent]: (typeof stateAfter)[Event] extends 'polling' ? Event : never;
}[WatchEvent];
