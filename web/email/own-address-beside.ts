/** The likely signer of a shared mailbox: the administrator who adds it, if both are of one domain. Otherwise empty. */
export function ownAddressBeside(mailbox: string, own: string): string {
  const domainOf = (address: string) => address.trim().toLowerCase().split('@').at(1);
  const isOther = mailbox.trim().toLowerCase() !== own.toLowerCase();
  return isOther && domainOf(own) !== undefined && domainOf(mailbox) === domainOf(own) ? own : '';
}
