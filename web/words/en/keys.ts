const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of API keys. */
export const keys = {
  title: 'API keys',
  lead: 'Keys of programs that use the API, what they may do, and until when.',
  make: 'Make a key',
  none: 'No keys yet',
  noneWhat: 'A program needs a key to use the API. Make one for each.',
  name: 'Name',
  nameHint: 'Of the program, such as reporting. A name is not used twice.',
  may: 'May',
  state: 'State',
  states: { valid: 'Valid', 'expires-soon': 'Expires soon', expired: 'Expired', revoked: 'Revoked' },
  until: 'until',
  lastUsed: 'Last used',
  madeBy: 'Made by',
  commandLine: 'command line',
  endsWith: (hint: string) => `ends with ${hint}`,
  queueCount: (n: number) => `only ${count(n, 'queue', 'queues')}`,
  accountCount: (n: number) => `only ${count(n, 'account', 'accounts')}`,
  from: (networks: string) => `only from ${networks}`,
  profile: 'Security profile',
  expires: 'Expires',
  days: { '30': 'in 30 days', '90': 'in 90 days', '365': 'in a year', never: 'never' },
  permissions: 'Permissions',
  permissionsHint: 'Fewer than the profile has. Without any chosen, the key has all of them.',
  queues: 'Queues',
  reachHint: 'A key that is limited to queues or accounts gets only the items there, and sets nothing up.',
  accounts: 'Accounts',
  networks: 'Addresses',
  networksHint: 'Addresses or networks from which the key works, separated by commas.',
  made: (name: string) => `The key ${name}`,
  shownOnce: 'This is the only time the key is shown. Copy it now: only its hash is stored.',
  secret: {
    ends: 'The secret ends on',
    endsHint: 'As Entra shows it beside the secret. Mailroom warns 30, 14 and 7 days before, and on the day before.',
    endsIn: (days: number) =>
      days > 0
        ? `The client secret ends ${days === 1 ? 'within a day' : `in ${days} days`}. Make another one in Entra, and enter it here: it is tried before it is saved, and the old one stays in use beside it.`
        : 'The client secret has ended by the day that was entered. Enter the present one, or its end.',
    previous: (until: string) => `Where Microsoft refuses the new secret, the one before it is used until ${until}.`,
  },
  revoke: 'Revoke',
  revokeTitle: (name: string) => `Revoke the key ${name}?`,
  revokeWhat: 'The program that uses it is refused from the next request on. A revoked key does not come back.',
  revokeOf: (name: string) => `Revoke ${name}`,
  revoked: (name: string) => `The key ${name} is revoked.`,
};
