/** Words of an item: its state, why it is in its queue. */
export const item = {
  why: 'Why is this here?',
  byRule: (position: number, keyword: string) => `Rule ${position} matched: the subject contains “${keyword}”.`,
  inNoQueue: {
    'no-default-queue': 'No rule matched, and the account has no default queue, so it is in no queue.',
    'default-queue-removed': 'No rule matched, and the default queue was removed, so it is in no queue.',
  },
  ruleQueueRemoved: (position: number | undefined) =>
    `${position === undefined ? 'A rule' : `Rule ${position}`} matched, but its queue was removed, so it is in no queue.`,
  byOther: 'A newer release of Mailroom decided this, in a way that this one does not know.',
  because: {
    'no-rule-matched': 'No rule matched the subject, so it went to the default queue.',
    'no-subject': 'The message has no subject, so it went to the default queue.',
    'no-rules': 'The account has no rules, so everything goes to the default queue.',
  },
  version: (version: number) => `Decided by version ${version} of the routing.`,
  received: 'Received',
  sent: 'Sent',
  account: 'Account',
  queue: 'Queue',
  messageId: 'Message-ID',
  more: (n: number) => `and ${n} more`,
  headers: 'All headers',
  attachments: 'Attachments',
  cameAgain: (moment: string) =>
    `Arrived again under another ID on ${moment} (moved out and back, restored, or reconnected) and was not queued again.`,
  attachmentsScanned:
    'Microsoft is still scanning the attachments of this message. Mailroom shows them once the scan is complete.',
  attachmentsUnread:
    'Microsoft could not list the attachments of this message. Mailroom retries automatically; until then, open it in Outlook.',
  body: 'Message',
  contentDeleted: (moment: string | null) =>
    `This message was deleted from Mailroom${moment === null ? '' : ` on ${moment}`}. What became of it is kept; if it still is in the mailbox, you find it there.`,
  frame: 'Text of the e-mail',
  asText: 'Show as text',
  asHtml: 'Show formatted',
  tooComplex: 'The formatted message is too large or too deeply nested to show it safely. This is its text.',
  unreadable: 'The formatted message could not be shown safely. This is its text.',
  noText: 'The message has no text.',
  textForms: {
    cut: 'This is the beginning of a very long text. The rest is not shown; open the message in Outlook to read it.',
    bare: 'The message could not be converted to text in full. These are its first words, without layout; open it in Outlook to read all of it.',
  },
  claim: 'Claim',
  claimed: 'The item is reserved for you.',
  holdLonger: 'Hold longer',
  release: 'Release',
  complete: 'Complete',
  released: 'The item is waiting again.',
  completed: 'The item is completed.',
  until: (when: string) => `reserved until ${when}`,
  left: (minutes: number) => (minutes < 1 ? 'less than a minute left' : `${minutes} min left`),
  heldUntil: (when: string) => `The item is reserved for you until ${when}.`,
  endsSoon: 'Your reservation ends in less than a minute. Hold the item longer if you are not done.',
  expired: (when: string) =>
    `Your reservation ended on ${when}, so the item is waiting again. You can still complete it until another agent claims it.`,
  takenBack: (who: string | null, when: string) =>
    `${who ?? 'Another user'} took the item back on ${when}. It is waiting again.`,
  completedBy: (who: string, when: string) => `by ${who} on ${when}`,
};
