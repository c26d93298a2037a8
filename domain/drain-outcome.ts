/**
 * How a reading of a mailbox ended: at its end, before it because its time was over, because the account is not read any
 * more, by a failure, or because whoever read was told to stop. Stored as written here.
 */
export const drainOutcomes = ['current', 'more', 'paused', 'failed', 'cancelled'] as const;
export type DrainOutcome = (typeof drainOutcomes)[number];
