/** Own: the mailbox of the person who signs in. Shared: another mailbox, to which that person has delegated access. */
export type MailboxKind = 'own' | 'shared';

/** The kind of an account: shared when another person than the mailbox's own user signs in for it. */
export function mailboxKind(signInAs: string | null): MailboxKind {
  return signInAs === null ? 'own' : 'shared';
}
