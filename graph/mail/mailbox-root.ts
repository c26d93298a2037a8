/** Path prefix of a mailbox: the signed-in person's own, or one with delegated access. */
export function mailboxRoot(sharedAddress: string | undefined): string {
  return sharedAddress === undefined ? '/me' : `/users/${encodeURIComponent(sharedAddress)}`;
}
