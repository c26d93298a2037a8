const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of comparisons of a mailbox with Mailroom. */
export const completeness = {
  title: 'Completeness',
  compare: 'Compare now',
  found: (inLedger: number, inMailbox: number) =>
    `${inLedger.toLocaleString('en')} of ${inMailbox.toLocaleString('en')}`,
  inMailroom: (inMailbox: number): string =>
    inMailbox === 1 ? 'message of the inbox is in Mailroom' : 'messages of the inbox are in Mailroom',
  repaired: (n: number) => `${count(n, 'message', 'messages')} had been missing until this comparison.`,
  compared: 'Compared',
  next: (when: string) => `, next on ${when}`,
  inQuarantine: (n: number) => `, ${n.toLocaleString('en')} in quarantine`,
  notYet: 'The mailbox has not been compared with Mailroom yet.',
  first: (when: string) => `The first time is on ${when}.`,
  notRead: 'Only accounts that are signed in and enabled are compared.',
  due: 'The comparison starts as soon as the mailbox is free.',
  underWay: 'Mailbox and Mailroom are compared.',
  soFar: (seen: number, known: number) =>
    `So far ${count(seen, 'message', 'messages')} of the inbox, ${known.toLocaleString('en')} of them in Mailroom.`,
  differences: 'What had been missing',
  foundAt: (when: string) => `found on ${when}`,
  receivedAt: (when: string) => `received on ${when}`,
  showItem: 'Show the message',
  showQuarantine: 'To the quarantine',
  leftOut: 'Intentionally left out',
  leftOutBecause: {
    'received-earlier': (n: number, from: string) => `${count(n, 'message', 'messages')} received before ${from}`,
    draft: (n: number) => `${count(n, 'draft', 'drafts')}; what still is one after an hour is captured as mail`,
    copy: (n: number) => `${count(n, 'message', 'messages')} that arrived again under another ID`,
  },
};
