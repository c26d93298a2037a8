import type { DeskWords } from '../en/desk.ts';

/** Words of the users' page, in German. */
export const users: DeskWords['users'] = {
  title: 'Benutzer',
  lead: 'Wer sich bei Mailroom anmelden und was er tun darf.',
  add: 'Benutzer hinzufügen',
  table: 'Benutzer von Mailroom',
  email: 'E-Mail-Adresse',
  emailHint: 'Die Person meldet sich mit dem Konto der Organisation zu dieser Adresse an.',
  name: 'Name',
  profile: 'Sicherheitsprofil',
  profiles: {
    Admin: 'Alles: Konten, Warteschlangen und Benutzer',
    Supervisor: 'Sieht Konten, ändert die Verteilung, bearbeitet E-Mails und holt sie zurück',
    Agent: 'Bearbeitet die E-Mails der Warteschlangen',
  },
  profileOf: (email) => `Sicherheitsprofil von ${email}`,
  enabled: 'Aktiv',
  toggle: (email) => `${email} darf sich anmelden`,
  lastSignIn: 'Letzte Anmeldung',
  notYet: 'noch nie',
  you: 'Sie',
  sessionsOf: (email: string) => `Sitzungen von ${email}`,
  removeTitle: (email) => `${email} entfernen?`,
  removeWhat: 'Die Person kann sich nicht mehr anmelden, und offene Sitzungen enden sofort.',
  removeOf: (email) => `${email} entfernen`,
  added: (email) => `${email} darf sich jetzt anmelden.`,
  removed: (email) => `${email} ist entfernt.`,
  changed: (email) => `${email} ist geändert.`,
  disabled: (email) => `${email} ist deaktiviert; offene Sitzungen sind beendet.`,
  enabledAgain: (email) => `${email} darf sich wieder anmelden.`,
};
