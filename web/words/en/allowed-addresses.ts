/** Words of the limit on which mailboxes may be connected. */
export const allowedAddresses = {
  title: 'Mailboxes that may be connected',
  label: 'Addresses and domains',
  hint: 'One a line: desk@contoso.com, contoso.com, or *.contoso.com for all domains below it. Empty: every mailbox of the organisation.',
  all: 'Every mailbox of the organisation',
  save: 'Save the limit',
  saved: 'The limit is saved.',
  outside: (count: number, addresses: string) =>
    `${count === 1 ? 'One connected account is' : `${count.toLocaleString('en')} connected accounts are`} outside of the limit and ${count === 1 ? 'goes' : 'go'} on: ${addresses}.`,
};
