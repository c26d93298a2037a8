/** Words of application access: reading mailboxes without a person's sign-in. */
export const applicationAccess = {
  title: 'Application access',
  what: 'Mailroom can read mailboxes with rights of its own, which Exchange limits to named mailboxes. No person has to sign in for them.',
  canaries: 'Mailboxes that Mailroom must not be able to read',
  canariesHint:
    'Existing mailboxes outside of the limit, one a line, ten at most. Mailroom tries to open them, now and once a day, and uses its rights only while Exchange refuses.',
  switchOn: 'Prove the limit and switch on',
  save: 'Prove the limit and save',
  switchOff: 'Switch off',
  check: 'Prove the limit now',
  on: 'Switched on',
  off: 'Switched off',
  stopped: 'Not used',
  saved: 'Application access is switched on.',
  savedOff: 'Application access is switched off.',
  checked: 'The check is done.',
  proved: (when: string) => `Proved at ${when}: the application cannot read these mailboxes.`,
  readable: (addresses: string, when: string) =>
    `The application could read ${addresses} at ${when}, so it is not limited. No mailbox is read with its rights until a check succeeds. Remove its application permissions for mail in Entra, and give it roles with a management scope in Exchange.`,
  notProved:
    'It is not proved that the application is limited. No mailbox is read with its rights until a check succeeds.',
  failed: (when: string) => `The check at ${when} had no result; what was known before stays.`,
  missing: (addresses: string) => `There is no mailbox ${addresses}: it proves nothing.`,
  tenantWide: (roles: string) =>
    `Entra granted ${roles} for all mailboxes of the organisation. Remove that: the roles of Exchange do not limit it.`,
  accounts: (count: number) =>
    `${count === 1 ? 'One account is' : `${count.toLocaleString('en')} accounts are`} read in this way.`,
  access: 'Access',
  byApplication: 'Application access: no person has signed in',
  use: 'Use application access',
  useWhat: 'The stored sign-in is deleted. Rules, mail and place in the mailbox stay.',
  backToSignIn: 'Change to a sign-in',
  changed: 'The mailbox is read with application access from now on.',
  many: 'Connect many mailboxes',
  addresses: 'Addresses',
  addressesHint:
    'A list or a table, of which the addresses are taken. Each becomes an account that is read from now on, without a sign-in.',
  unused: 'Application access is not switched on, or not proved to be limited.',
  toSettings: 'To the settings',
  connect: (count: number) =>
    count === 0
      ? 'Connect mailboxes'
      : count === 1
        ? 'Connect one mailbox'
        : `Connect ${count.toLocaleString('en')} mailboxes`,
  progress: (done: number, all: number) => `${done.toLocaleString('en')} of ${all.toLocaleString('en')} done`,
  connected: (count: number) =>
    count === 1 ? 'One mailbox is connected.' : `${count.toLocaleString('en')} mailboxes are connected.`,
  retry: 'Try the rest again',
  outcomes: {
    connected: 'Connected',
    'connected-before': 'Connected already',
    'no-address': 'Is not an e-mail address',
    repeated: 'Appears twice in the list',
    'not-allowed': 'The settings do not allow this mailbox',
    canary: 'Mailroom must not be able to read this mailbox',
  },
};
