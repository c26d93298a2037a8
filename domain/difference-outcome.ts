/**
 * The outcome for a message that a reconciliation found in the mailbox, but not in the ledger. Stored as written here.
 */
export const differenceOutcomes = ['captured', 'quarantined', 'gone'] as const;
export type DifferenceOutcome = (typeof differenceOutcomes)[number];
