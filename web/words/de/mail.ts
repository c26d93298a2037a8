import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

export const mail: DeskWords['mail'] = {
  quoted: (lines) => `Zitierter Verlauf (${count(lines, 'Zeile', 'Zeilen')})`,
  fixedWidth: 'Feste Breite',
  linkList: (n) => (n === 1 ? 'Wohin der Link führt' : `Wohin die ${n.toLocaleString('de')} Links führen`),
  moreLinks: (n) => `und ${count(n, 'weiterer Link', 'weitere Links')}`,
  doubtful: (n) =>
    n === 1
      ? 'Ein Link führt vielleicht woandershin, als es scheint. Öffnen Sie ihn nur, wenn Sie ihn erwartet haben.'
      : `${n.toLocaleString('de')} Links führen vielleicht woandershin, als es scheint. Öffnen Sie sie nur, wenn Sie sie erwartet haben.`,
  doubts: {
    'other-host': (host) => `sein Text nennt ein anderes Ziel als ${host}`,
    'user-name': (host) => `was vor dem @ steht, ist nicht das Ziel; er führt zu ${host}`,
    number: (host) => `er führt zu der Nummer ${host} statt zu einem Namen`,
    'look-alike': (host) => `der Name ${host} enthält Buchstaben, die anderen gleichen`,
  },
  noWords: '(ohne Text)',
  remoteImages: (n) =>
    `${count(n, 'Bild von einem fremden Server wird', 'Bilder von fremden Servern werden')} nicht geladen, damit der Absender nicht erfährt, dass Sie das lesen.`,
  loadImages: 'Bilder laden',
  alwaysLoad: (sender) => `Von ${sender} immer laden`,
  remembered: (sender) => `Bilder von ${sender} laden Sie immer.`,
  forget: 'Nicht mehr',
  trackingPixels: (n) =>
    n === 1
      ? 'Ein Zählpixel wurde entfernt: Es meldet nur, dass Sie die E-Mail geöffnet haben.'
      : `${n.toLocaleString('de')} Zählpixel wurden entfernt: Sie melden nur, dass Sie die E-Mail geöffnet haben.`,
  loadingImages: 'Die Bilder werden geladen …',
  picture: 'Bild',
  pictureFailures: {
    'not-attached': 'es hängt der E-Mail nicht an',
    'no-picture': 'es ist kein Bild, das sich sicher zeigen lässt',
    'not-loaded': 'es ließ sich nicht laden',
    refused: 'seine Adresse wurde abgelehnt',
  },
  from: 'Von',
  sentBy: 'Gesendet von',
  alsoFrom: 'Auch von',
  to: 'An',
  cc: 'Kopie',
  bcc: 'Blindkopie',
  replyTo: 'Antwort an',
  importance: 'Wichtigkeit',
  importances: { high: 'Hoch', low: 'Niedrig' },
  categories: 'Kategorien',
  authentication: 'Echtheit',
  openInOutlook: 'In Outlook öffnen',
  findInOutlook: 'In Outlook suchen',
  showAll: (n) => `${n.toLocaleString('de')} weitere zeigen`,
  showFewer: 'Weniger zeigen',
  forged: (domain) =>
    `Diese E-Mail ist vielleicht gefälscht: ${domain === '' ? 'Die Domäne des Absenders' : domain} bestätigt nicht, sie gesendet zu haben. Trauen Sie weder ihren Links und Anhängen noch Bitten um Geld oder Kennwörter.`,
  otherReplyDomain: (domain) => `Eine Antwort ginge an eine andere Domäne als die des Absenders: ${domain}.`,
  verdicts: {
    passed: 'Die Domäne des Absenders bürgt für diese E-Mail.',
    failed: 'Die Domäne des Absenders bestreitet, diese E-Mail gesendet zu haben.',
    unproven: 'Die Domäne des Absenders bürgt weder für diese E-Mail, noch bestreitet sie sie.',
    internal: 'Innerhalb der Organisation gesendet.',
  },
  automatic: {
    reply: 'Automatische Antwort',
    report: 'Bericht eines Mailservers',
    list: 'An eine Mailingliste oder viele Empfänger gesendet',
    notification: 'Von einem Programm gesendet',
  },
  shownBy: (header, value) => `erkannt an ${header}: ${value}`,
  special: {
    invitation: 'Dies ist eine Einladung oder die Antwort auf eine.',
    'delivery-report': 'Dies berichtet, was aus einer gesendeten E-Mail wurde.',
    'read-receipt': 'Dies ist eine Lesebestätigung.',
    signed: 'Diese E-Mail ist signiert (S/MIME). Mailroom prüft die Signatur nicht; Outlook tut es.',
    encrypted: 'Diese E-Mail ist verschlüsselt (S/MIME). Öffnen Sie sie in Outlook, mit dem Zertifikat des Postfachs.',
    'pgp-signed': 'Diese E-Mail ist signiert (PGP). Mailroom prüft die Signatur nicht.',
    'pgp-encrypted':
      'Diese E-Mail ist verschlüsselt (PGP). Speichern Sie sie, und öffnen Sie sie mit dem Schlüssel des Postfachs.',
  },
  attachments: (n) => count(n, 'Anhang', 'Anhänge'),
  inText: (n) => `${count(n, 'Bild', 'Bilder')} im Text`,
  allAsZip: 'Alle herunterladen (zip)',
  download: 'Herunterladen',
  open: 'Öffnen',
  downloadOf: (name) => `Herunterladen: ${name}`,
  openOf: (name) => `Öffnen: ${name}`,
  downloadAllTheSame: 'Trotzdem herunterladen',
  noName: '(ohne Namen)',
  kinds: {
    item: 'angehängte E-Mail',
    reference: 'Link zu einer Datei; öffnen Sie die E-Mail in Outlook, um ihm zu folgen',
  },
  risks: {
    executable: 'Programm',
    script: 'kann ein Programm ausführen',
    macro: 'enthält Makros',
    'disk-image': 'Datenträgerabbild',
    archive: 'Archiv',
  },
  riskWords: {
    executable: 'Diese Datei ist ein Programm. Es kann den Computer übernehmen, auf dem es geöffnet wird.',
    script: 'Diese Datei kann ein Programm ausführen, wo sie geöffnet wird. Es kann den Computer übernehmen.',
    macro: 'Dieses Dokument enthält Makros: Programme, die laufen, wenn man sie zulässt. Lassen Sie sie nicht zu.',
    'disk-image': 'Dies ist ein Datenträgerabbild. Sein Inhalt ist nicht geprüft und kann Programme ausführen.',
  },
  riskAdvice: 'Laden Sie es nur herunter, wenn Sie es von diesem Absender erwartet haben.',
  scans: {
    clean: 'geprüft, nichts gefunden',
    infected: 'infiziert, lässt sich nicht herunterladen',
    unscanned: 'nicht geprüft',
  },
};
