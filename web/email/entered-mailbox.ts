/** A mailbox as it is entered. */
export interface EnteredMailbox {
  readonly address: string;
  readonly isShared: boolean;
  /** Who signs in, where it is shared; null as long as that was not entered. */
  readonly signInAs: string | null;
}
