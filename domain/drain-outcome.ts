/**
 * How a walk through a mailbox ended. `current`: at the mailbox's end. `more`: its time was over before that. `paused`:
 * the account is no longer read. `failed`, or `cancelled` on request. Stored as written here.
 */
export const drainOutcomes = ['current', 'more', 'paused', 'failed', 'cancelled'] as const;
export type DrainOutcome = (typeof drainOutcomes)[number];

/** The end of a walk that did not throw. */
export type WalkEnd = Extract<DrainOutcome, 'current' | 'more' | 'paused'>;
