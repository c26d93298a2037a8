/** Who most likely signs in for a shared mailbox: who adds it, where both are of one domain. Empty otherwise. */
export function ownAddressBeside(mailbox: string, own: string): string {
  const domainOf = (address: string) => address.trim().toLowerCase().split('@').at(1);
  const isOther = mailbox.trim().toLowerCase() !== own.toLowerCase();
  return isOther && domainOf(own) !== undefined && domainOf(mailbox) === domainOf(own) ? own : '';
}
