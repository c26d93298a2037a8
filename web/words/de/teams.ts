import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** Words of teams, and of what users see, in German. */
export const teams: DeskWords['teams'] = {
  title: 'Teams',
  lead: 'Personen und die Warteschlangen, die sie bearbeiten. Alle sehen alle Warteschlangen, bis Sie sie unter Benutzer auf ihre Teams beschränken.',
  add: 'Team hinzufügen',
  none: 'Noch keine Teams',
  noneWhat:
    'Alle sehen alle Warteschlangen. Um Personen auf einige zu beschränken, bilden Sie ein Team aus Personen und Warteschlangen.',
  name: 'Name',
  people: 'Personen',
  peopleCount: (n) => count(n, 'Person', 'Personen'),
  queues: 'Warteschlangen',
  queueCount: (n) => count(n, 'Warteschlange', 'Warteschlangen'),
  edit: (name) => `Team ${name} ändern`,
  saved: (name) => `Das Team ${name} ist gespeichert.`,
  removeOf: (name) => `Team ${name} entfernen`,
  removeTitle: (name) => `Team ${name} entfernen?`,
  removeWhat:
    'Seine Personen sehen seine Warteschlangen nicht mehr, außer durch ein anderes Team oder wenn sie alle Warteschlangen sehen.',
  removed: (name) => `Das Team ${name} ist entfernt.`,
  sees: 'Sieht',
  seesAll: 'Alle Warteschlangen',
  seesNoMail: 'Keine E-Mails',
  seesNothing: 'Keine Warteschlange: in keinem Team',
  change: (email) => `Ändern, was ${email} sieht`,
  changeTitle: (email) => `Was ${email} sieht`,
  all: 'Alle Warteschlangen',
  allHint: 'Auch später hinzugefügte, und E-Mails in keiner Warteschlange.',
  ofTeams: 'Nur die Warteschlangen der eigenen Teams',
  ofTeamsHint:
    'Andere E-Mails gibt es für die Person nicht: weder in Listen noch in der Suche, auf der Übersicht oder live. Keine Konten und keine Verteilung.',
  ofAdmins:
    'Administratoren richten alle Warteschlangen ein, deshalb beschränken Teams sie nicht. Sie können ihnen das Lesen von E-Mails nehmen.',
  readsMail: 'Liest E-Mails',
  readsMailHint:
    'Ohne dies richtet die Person ein, was das Profil erlaubt, und sieht keine E-Mail, in keiner Warteschlange.',
  theirTeams: 'Teams',
  changed: (email) => `Was ${email} sieht, ist geändert.`,
  ofQueue: (n, names) =>
    `Sichtbar für alle, die alle Warteschlangen sehen, und für ${n === 1 ? 'das Team' : 'die Teams'} ${names}.`,
  ofQueueNone: 'Sichtbar für alle, die alle Warteschlangen sehen, und für kein Team.',
};
