/**
 * What a walk through a mailbox did: it came to the end, its time was over before that, the account is not read any more, it
 * failed, or it was asked to stop. Stored as written here.
 */
export const drainOutcomes = ['current', 'more', 'paused', 'failed', 'cancelled'] as const;
export type DrainOutcome = (typeof drainOutcomes)[number];

/** How a walk ends that did not throw. */
export type WalkEnd = Extract<DrainOutcome, 'current' | 'more' | 'paused'>;
