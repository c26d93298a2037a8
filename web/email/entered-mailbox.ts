/** A mailbox as it is entered. */
export interface EnteredMailbox {
  readonly address: string;
  readonly isShared: boolean;
  /** Who signs in to a shared mailbox; null until entered. */
  readonly signInAs: string | null;
}
