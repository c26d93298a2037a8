import type { sessions as en } from '../en/sessions.ts';

/** Words of sessions, in German. */
export const sessions: typeof en = {
  title: 'Sitzungen',
  lead: 'Die Browser, in denen Sie bei Mailroom angemeldet sind.',
  leadOf: (email: string) => `Die Browser, in denen ${email} bei Mailroom angemeldet ist.`,
  browser: 'Browser',
  on: (browser: string, system: string) => `${browser} unter ${system}`,
  unknown: 'Unbekannter Browser',
  current: 'dieser',
  from: 'Von',
  since: 'Angemeldet',
  lastUsed: 'Zuletzt benutzt',
  none: 'Nicht angemeldet',
  noneWhat: 'Es gibt keine Sitzung.',
  end: 'Beenden',
  endOf: (browser: string) => `Sitzung beenden: ${browser}`,
  endTitle: (browser: string) => `Diese Sitzung beenden: ${browser}?`,
  endWhat: 'Dort ist dann eine neue Anmeldung nötig. Was dort nicht gespeichert ist, kann verloren gehen.',
  ended: 'Die Sitzung ist beendet.',
  everywhere: 'Überall abmelden',
  everywhereTitle: 'Überall abmelden?',
  everywhereWhat:
    'Alle Ihre Sitzungen enden innerhalb von Sekunden, auch diese. Was nicht gespeichert ist, kann verloren gehen.',
  everywhereTitleOf: (email: string) => `${email} überall abmelden?`,
  everywhereWhatOf:
    'Alle Sitzungen enden innerhalb von Sekunden. Eine neue Anmeldung bleibt möglich; deaktivieren Sie den Benutzer, um sie zu verhindern.',
  signedOut: 'Alle Sitzungen sind beendet.',
  limits: 'Grenzen',
  limitsWhat: 'Für alle. Kürzere Grenzen beenden Sitzungen sofort, längere gelten ab der nächsten Anmeldung.',
  idle: 'Minuten ohne Benutzung',
  idleWhat:
    'Ab 5. So lange nach der letzten Taste oder Mausbewegung endet eine Sitzung. Dass Seiten sich aktualisieren, zählt nicht.',
  absolute: 'Minuten insgesamt',
  absoluteWhat: 'Von 15 bis 43.200, also 30 Tage. Danach müssen sich alle neu anmelden, auch mitten in der Arbeit.',
  noMinutes: (least: number) => `Geben Sie eine ganze Zahl von Minuten zwischen ${least} und 43.200 ein.`,
  save: 'Grenzen speichern',
  saved: 'Die Grenzen sind gespeichert.',
  unsaved: 'Die Grenzen wurden geändert und sind nicht gespeichert.',
};
