/** Whose rights an account is read with: those of a person who signed in, or the application's own. */
export const accountAccesses = ['delegated', 'application'] as const;
export type AccountAccess = (typeof accountAccesses)[number];

/** How an account's mailbox is addressed at Graph. Both undefined: as that of the person who signed in (`/me`). */
export interface MailboxPlace {
  /** Another mailbox than that of the person who signed in, to which that person has delegated access. */
  readonly sharedAddress: string | undefined;
  /** A mailbox that is read with the application's own rights. */
  readonly applicationAddress?: string | undefined;
}

export interface AccountPlace {
  readonly address: string;
  readonly signInAs: string | null;
  readonly access: AccountAccess;
}

export function mailboxPlace({ address, signInAs, access }: AccountPlace): MailboxPlace {
  if (access === 'application') return { sharedAddress: undefined, applicationAddress: address };
  return { sharedAddress: signInAs === null ? undefined : address };
}
