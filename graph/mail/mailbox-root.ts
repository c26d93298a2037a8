/** Where the paths of a mailbox begin: one's own, or one that somebody reads with delegated access. */
export function mailboxRoot(sharedAddress: string | undefined): string {
  return sharedAddress === undefined ? '/me' : `/users/${encodeURIComponent(sharedAddress)}`;
}
