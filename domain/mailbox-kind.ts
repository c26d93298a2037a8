/** Whose mailbox is read: that of who signs in, or another one to which that person has delegated access. */
export type MailboxKind = 'own' | 'shared';

/** The kind of an account: shared where somebody else than the mailbox's own user signs in for it. */
export function mailboxKind(signInAs: string | null): MailboxKind {
  return signInAs === null ? 'own' : 'shared';
}
