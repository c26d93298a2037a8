const count = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Words of a mail as it is shown: its body, links, pictures, facts and attachments. */
export const mail = {
  quoted: (lines: number) => `Quoted history (${count(lines, 'line', 'lines')})`,
  fixedWidth: 'Fixed width',
  linkList: (n: number) => `Where ${count(n, 'link leads', 'links lead')}`,
  moreLinks: (n: number) => `and ${count(n, 'more link', 'more links')}`,
  doubtful: (n: number) =>
    n === 1
      ? 'One link may lead elsewhere than it seems. Do not open it unless you expected it.'
      : `${n.toLocaleString('en')} links may lead elsewhere than they seem. Do not open them unless you expected them.`,
  doubts: {
    'other-host': (host: string) => `its words name another place than ${host}`,
    'user-name': (host: string) => `what stands before the @ is no host; it leads to ${host}`,
    number: (host: string) => `it leads to the number ${host} instead of a name`,
    'look-alike': (host: string) => `the name ${host} has letters that look like others`,
  },
  noWords: '(no words)',
  remoteImages: (n: number) =>
    `${count(n, 'remote image is', 'remote images are')} not loaded, so that the sender does not learn that you read this.`,
  loadImages: 'Load images',
  alwaysLoad: (sender: string) => `Always load from ${sender}`,
  remembered: (sender: string) => `You always load images from ${sender}.`,
  forget: 'Stop that',
  trackingPixels: (n: number) =>
    n === 1
      ? 'One tracking pixel was removed: it only reports that you opened this.'
      : `${n.toLocaleString('en')} tracking pixels were removed: they only report that you opened this.`,
  loadingImages: 'Images are loading …',
  picture: 'picture',
  pictureFailures: {
    'not-attached': 'it is not attached to the message',
    'no-picture': 'it is no picture that can be shown safely',
    'not-loaded': 'it could not be loaded',
    refused: 'its address was refused',
  },
  from: 'From',
  sentBy: 'Sent by',
  alsoFrom: 'Also from',
  to: 'To',
  cc: 'Cc',
  bcc: 'Bcc',
  replyTo: 'Reply to',
  importance: 'Importance',
  importances: { high: 'High', low: 'Low' },
  categories: 'Categories',
  authentication: 'Authentication',
  openInOutlook: 'Open in Outlook',
  findInOutlook: 'Find in Outlook',
  showAll: (n: number) => `Show ${n.toLocaleString('en')} more`,
  showFewer: 'Show fewer',
  forged: (domain: string) =>
    `This message may be forged: ${domain === '' ? 'the domain of its sender' : domain} does not confirm that it sent it. Do not trust its links, attachments or requests for money or passwords.`,
  otherReplyDomain: (domain: string) => `An answer would go to another domain than that of the sender: ${domain}.`,
  verdicts: {
    passed: 'The domain of the sender vouches for this message.',
    failed: 'The domain of the sender disowns this message.',
    unproven: 'The domain of the sender neither vouches for this message nor disowns it.',
    internal: 'Sent within the organisation.',
  },
  automatic: {
    reply: 'Automatic reply',
    report: 'Report of a mail server',
    list: 'Sent to a mailing list or to many people',
    notification: 'Sent by a program',
  },
  shownBy: (header: string, value: string) => `shown by ${header}: ${value}`,
  special: {
    invitation: 'This is an invitation or an answer to one.',
    'delivery-report': 'This reports what became of a message that was sent.',
    'read-receipt': 'This is a read receipt.',
    signed: 'This message is signed (S/MIME). Mailroom does not verify the signature; Outlook does.',
    encrypted: 'This message is encrypted (S/MIME). Open it in Outlook, with the certificate of the mailbox.',
    'pgp-signed': 'This message is signed (PGP). Mailroom does not verify the signature.',
    'pgp-encrypted': 'This message is encrypted (PGP). Save it, and open it with the key of the mailbox.',
  },
  attachments: (n: number) => count(n, 'attachment', 'attachments'),
  inText: (n: number) => `${count(n, 'picture', 'pictures')} in the text`,
  allAsZip: 'Download all (zip)',
  download: 'Download',
  open: 'Open',
  downloadOf: (name: string) => `Download: ${name}`,
  openOf: (name: string) => `Open: ${name}`,
  downloadAllTheSame: 'Download all the same',
  noName: '(no name)',
  kinds: { item: 'attached message', reference: 'link to a file; open the message in Outlook to follow it' },
  risks: {
    executable: 'program',
    script: 'can run a program',
    macro: 'has macros',
    'disk-image': 'disk image',
    archive: 'archive',
  },
  riskWords: {
    executable: 'This file is a program. It can take over the computer on which it is opened.',
    script: 'This file can run a program where it is opened. It can take over the computer.',
    macro: 'This document has macros: programs that run when they are allowed to. Do not allow them.',
    'disk-image': 'This is a disk image. What it contains is not checked, and can run programs.',
  },
  riskAdvice: 'Download it only if you expected it from this sender.',
  scans: { clean: 'scanned, nothing found', infected: 'infected, cannot be downloaded', unscanned: 'not scanned' },
};
