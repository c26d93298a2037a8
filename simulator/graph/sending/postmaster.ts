/** The domain of an address. */
export function hostname(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Who writes reports about mail of a domain, as Exchange Online names it. */
export function postmasterOf(address: string): { name: string; address: string } {
  const local = 'MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e';
  return { name: 'Microsoft Outlook', address: `${local}@${hostname(address)}` };
}
