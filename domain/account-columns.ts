/** Columns of an account in Temporal's list, beside its state. None holds personal data. */
export interface AccountColumns {
  readonly mailbox: 'own' | 'shared';
  /** Messages since midnight, UTC. */
  readonly today: number;
  /** The type of the account's current condition; null: none. */
  readonly trouble: string | null;
}
