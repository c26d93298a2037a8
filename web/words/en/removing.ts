const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of removing accounts. */
export const removing = {
  title: (n: number) => (n === 1 ? 'Remove this account?' : `Remove ${n} accounts?`),
  goes: 'Will be deleted: tokens, rules and the reading position. Routing stops at once.',
  stays: 'The mailboxes at Microsoft are kept, with their mail.',
  mail: 'Mail in Mailroom',
  keepMail: 'Keep it: open items stay in their queues',
  eraseMail: 'Erase it, with answers and notes; this cannot be undone',
  erased: 'its mail is being erased',
  underWay: (n: number) => (n === 1 ? 'Removing this account …' : `Removing ${n} accounts …`),
  removed: (n: number) => (n === 1 ? 'The account is removed' : `${n} accounts are removed`),
  notAll: 'Not everything was removed',
  confirm: (n: number) => (n === 1 ? 'Remove account' : `Remove ${n} accounts`),
  working: 'removing',
  done: 'removed',
  kept: (n: number) => (n === 0 ? 'no open items' : count(n, 'open item stays', 'open items stay')),
  failed: 'not removed',
  alreadyRemoved: 'already removed by someone else',
  notErased: 'its mail was not erased by you',
};
