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
};
