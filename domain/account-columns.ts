/** What operators see of an account in Temporal's list, beside its state. No word of it is personal. */
export interface AccountColumns {
  readonly mailbox: 'own' | 'shared';
  /** Mail since midnight, UTC. */
  readonly today: number;
  /** The type of what hinders it at the moment; null: nothing does. */
  readonly trouble: string | null;
}
