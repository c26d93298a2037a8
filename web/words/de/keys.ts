import type { keys as en } from '../en/keys.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** Words of API keys, in German. */
export const keys: typeof en = {
  title: 'API-Schlüssel',
  lead: 'Schlüssel der Programme, die die API benutzen: was sie dürfen, und bis wann.',
  make: 'Schlüssel anlegen',
  none: 'Noch keine Schlüssel',
  noneWhat: 'Ein Programm braucht für die API einen Schlüssel. Legen Sie für jedes einen eigenen an.',
  name: 'Name',
  nameHint: 'Des Programms, etwa „Berichte“. Ein Name wird nicht zweimal vergeben.',
  may: 'Darf',
  state: 'Zustand',
  states: { valid: 'Gültig', 'expires-soon': 'Läuft bald ab', expired: 'Abgelaufen', revoked: 'Widerrufen' },
  until: 'bis',
  lastUsed: 'Zuletzt benutzt',
  madeBy: 'Angelegt von',
  commandLine: 'Befehlszeile',
  endsWith: (hint: string) => `endet auf ${hint}`,
  queueCount: (n: number) => `nur ${count(n, 'Warteschlange', 'Warteschlangen')}`,
  accountCount: (n: number) => `nur ${count(n, 'Konto', 'Konten')}`,
  from: (networks: string) => `nur von ${networks}`,
  profile: 'Sicherheitsprofil',
  expires: 'Läuft ab',
  days: { '30': 'in 30 Tagen', '90': 'in 90 Tagen', '365': 'in einem Jahr', never: 'nie' },
  permissions: 'Berechtigungen',
  permissionsHint: 'Weniger, als das Profil hat. Ohne Auswahl hat der Schlüssel alle.',
  queues: 'Warteschlangen',
  reachHint:
    'Ein Schlüssel für einzelne Warteschlangen oder Konten bekommt nur die E-Mails dort und richtet nichts ein.',
  accounts: 'Konten',
  networks: 'Adressen',
  networksHint: 'Adressen oder Netze, von denen aus der Schlüssel gilt, durch Kommas getrennt.',
  made: (name: string) => `Der Schlüssel ${name}`,
  shownOnce: 'Der Schlüssel wird nur dieses eine Mal gezeigt. Kopieren Sie ihn jetzt: Gespeichert ist nur sein Hash.',
  secret: {
    ends: 'Der Schlüssel läuft ab am',
    endsHint: 'Wie Entra es beim Schlüssel anzeigt. Mailroom warnt 30, 14 und 7 Tage vorher und am Tag davor.',
    endsIn: (days: number) =>
      days > 0
        ? `Der geheime Clientschlüssel läuft ${days === 1 ? 'binnen eines Tages' : `in ${days} Tagen`} ab. Legen Sie in Entra einen neuen an und tragen Sie ihn hier ein: Er wird geprüft, bevor er gespeichert wird, und der alte bleibt daneben in Gebrauch.`
        : 'Nach dem eingetragenen Tag ist der geheime Clientschlüssel abgelaufen. Tragen Sie den jetzigen oder seinen Ablauf ein.',
    previous: (until: string) =>
      `Nimmt Microsoft den jetzigen Schlüssel oder das Zertifikat nicht an, wird bis ${until} das vorige benutzt.`,
  },
  revoke: 'Widerrufen',
  revokeTitle: (name: string) => `Den Schlüssel ${name} widerrufen?`,
  revokeWhat:
    'Das Programm wird von der nächsten Anfrage an abgewiesen. Ein widerrufener Schlüssel kommt nicht zurück.',
  revokeOf: (name: string) => `${name} widerrufen`,
  revoked: (name: string) => `Der Schlüssel ${name} ist widerrufen.`,
};
