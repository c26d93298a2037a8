import type { DeskWords } from '../en/desk.ts';

/** Words of application access, in German. */
export const applicationAccess: DeskWords['applicationAccess'] = {
  title: 'Anwendungszugriff',
  what: 'Mailroom kann Postfächer mit eigenen Rechten lesen, die Exchange auf benannte Postfächer begrenzt. Dafür muss sich niemand anmelden.',
  canaries: 'Postfächer, die Mailroom nicht lesen können darf',
  canariesHint:
    'Bestehende Postfächer außerhalb der Begrenzung, je Zeile eines, höchstens zehn. Mailroom versucht sie zu öffnen, jetzt und einmal am Tag, und nutzt seine Rechte nur, solange Exchange das verweigert.',
  switchOn: 'Grenze nachweisen und einschalten',
  save: 'Grenze nachweisen und speichern',
  switchOff: 'Ausschalten',
  check: 'Grenze jetzt nachweisen',
  on: 'Eingeschaltet',
  off: 'Ausgeschaltet',
  stopped: 'Nicht verwendet',
  saved: 'Der Anwendungszugriff ist eingeschaltet.',
  savedOff: 'Der Anwendungszugriff ist ausgeschaltet.',
  checked: 'Die Prüfung ist fertig.',
  proved: (when) => `Nachgewiesen am ${when}: Die Anwendung kann diese Postfächer nicht lesen.`,
  readable: (addresses, when) =>
    `Die Anwendung konnte am ${when} ${addresses} lesen, ist also nicht begrenzt. Mit ihren Rechten wird kein Postfach gelesen, bis eine Prüfung gelingt. Entfernen Sie ihre Anwendungsberechtigungen für E-Mail in Entra und geben Sie ihr in Exchange Rollen mit einem Verwaltungsbereich.`,
  notProved:
    'Es ist nicht nachgewiesen, dass die Anwendung begrenzt ist. Mit ihren Rechten wird kein Postfach gelesen, bis eine Prüfung gelingt.',
  failed: (when) => `Die Prüfung am ${when} blieb ohne Ergebnis; was vorher bekannt war, gilt weiter.`,
  missing: (addresses) => `Das Postfach ${addresses} gibt es nicht; es beweist nichts.`,
  tenantWide: (roles) =>
    `Entra hat ${roles} für alle Postfächer der Organisation gewährt. Entfernen Sie das: Die Rollen von Exchange begrenzen es nicht.`,
  accounts: (count) =>
    `${count === 1 ? 'Ein Konto wird' : `${count.toLocaleString('de')} Konten werden`} auf diese Weise gelesen.`,
  access: 'Zugriff',
  byApplication: 'Anwendungszugriff: Es hat sich niemand angemeldet',
  use: 'Anwendungszugriff verwenden',
  useWhat: 'Die gespeicherte Anmeldung wird gelöscht. Regeln, E-Mails und die Stelle im Postfach bleiben.',
  backToSignIn: 'Auf Anmeldung umstellen',
  changed: 'Das Postfach wird ab jetzt mit Anwendungszugriff gelesen.',
  many: 'Viele Postfächer verbinden',
  addresses: 'Adressen',
  addressesHint:
    'Eine Liste oder Tabelle; daraus gelten die Adressen. Jede wird ein Konto, das ab jetzt gelesen wird, ohne Anmeldung.',
  unused: 'Der Anwendungszugriff ist nicht eingeschaltet, oder seine Begrenzung ist nicht nachgewiesen.',
  toSettings: 'Zu den Einstellungen',
  connect: (count) =>
    count === 0
      ? 'Postfächer verbinden'
      : count === 1
        ? 'Ein Postfach verbinden'
        : `${count.toLocaleString('de')} Postfächer verbinden`,
  progress: (done, all) => `${done.toLocaleString('de')} von ${all.toLocaleString('de')} erledigt`,
  connected: (count) =>
    count === 1 ? 'Ein Postfach ist verbunden.' : `${count.toLocaleString('de')} Postfächer sind verbunden.`,
  retry: 'Den Rest noch einmal versuchen',
  outcomes: {
    connected: 'Verbunden',
    'connected-before': 'Schon verbunden',
    'no-address': 'Ist keine E-Mail-Adresse',
    repeated: 'Steht zweimal in der Liste',
    'not-allowed': 'Die Einstellungen erlauben dieses Postfach nicht',
    canary: 'Dieses Postfach darf Mailroom nicht lesen können',
  },
};
