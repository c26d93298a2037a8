import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** German words of comparisons of a mailbox with Mailroom. */
export const completeness: DeskWords['completeness'] = {
  title: 'Vollständigkeit',
  compare: 'Jetzt vergleichen',
  found: (inLedger, inMailbox) => `${inLedger.toLocaleString('de')} von ${inMailbox.toLocaleString('de')}`,
  inMailroom: (inMailbox) =>
    inMailbox === 1 ? 'E-Mail des Posteingangs ist in Mailroom' : 'E-Mails des Posteingangs sind in Mailroom',
  repaired: (n) => `Bis zu diesem Vergleich ${n === 1 ? 'fehlte' : 'fehlten'} ${count(n, 'E-Mail', 'E-Mails')}.`,
  compared: 'Verglichen',
  next: (when) => `, das nächste Mal am ${when}`,
  inQuarantine: (n) => `, ${n.toLocaleString('de')} in Quarantäne`,
  notYet: 'Postfach und Mailroom wurden noch nicht verglichen.',
  first: (when) => `Das erste Mal ist am ${when}.`,
  notRead: 'Verglichen wird nur ein Konto, das angemeldet und aktiv ist.',
  due: 'Der Vergleich beginnt, sobald das Postfach frei ist.',
  underWay: 'Postfach und Mailroom werden verglichen.',
  soFar: (seen, known) =>
    `Bis jetzt ${count(seen, 'E-Mail', 'E-Mails')} des Posteingangs, davon ${known.toLocaleString('de')} in Mailroom.`,
  differences: 'Was fehlte',
  foundAt: (when) => `gefunden am ${when}`,
  receivedAt: (when) => `empfangen am ${when}`,
  showItem: 'E-Mail zeigen',
  showQuarantine: 'Zur Quarantäne',
  leftOut: 'Bewusst ausgelassen',
  leftOutBecause: {
    'received-earlier': (n, from) => `${count(n, 'E-Mail', 'E-Mails')}, empfangen vor dem ${from}`,
    draft: (n) => `${count(n, 'Entwurf', 'Entwürfe')}; was nach einer Stunde noch einer ist, wird als E-Mail erfasst`,
    copy: (n) =>
      `${count(n, 'E-Mail, die', 'E-Mails, die')} unter anderer Kennung noch einmal ${n === 1 ? 'kam' : 'kamen'}`,
  },
};
