import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** Words of removing accounts, in German. */
export const removing: DeskWords['removing'] = {
  title: (n) => (n === 1 ? 'Dieses Konto entfernen?' : `${n} Konten entfernen?`),
  goes: 'Gelöscht werden Tokens, Regeln und die Leseposition. Die Verteilung endet sofort.',
  stays: 'Die Postfächer bei Microsoft bleiben mit ihren E-Mails erhalten.',
  mail: 'E-Mails in Mailroom',
  keepMail: 'Behalten: Offene E-Mails bleiben in ihren Warteschlangen',
  eraseMail: 'Löschen, mit Antworten und Notizen; das lässt sich nicht rückgängig machen',
  erased: 'die E-Mails werden gelöscht',
  underWay: (n) => (n === 1 ? 'Das Konto wird entfernt …' : `${n} Konten werden entfernt …`),
  removed: (n) => (n === 1 ? 'Das Konto ist entfernt' : `${n} Konten sind entfernt`),
  notAll: 'Nicht alles wurde entfernt',
  confirm: (n) => (n === 1 ? 'Konto entfernen' : `${n} Konten entfernen`),
  working: 'wird entfernt',
  done: 'entfernt',
  kept: (n) => (n === 0 ? 'nichts offen' : count(n, 'offene E-Mail bleibt', 'offene E-Mails bleiben')),
  failed: 'nicht entfernt',
  alreadyRemoved: 'schon von jemand anderem entfernt',
  notErased: 'von Ihnen wurden keine E-Mails gelöscht',
};
