import type { MailboxPlace } from '../../domain/account-access.ts';

/** Path prefix of a mailbox: the signed-in person's own, or one that is named by its address. */
export function mailboxRoot({ sharedAddress, applicationAddress }: Partial<MailboxPlace>): string {
  const address = sharedAddress ?? applicationAddress;
  return address === undefined ? '/me' : `/users/${encodeURIComponent(address)}`;
}
