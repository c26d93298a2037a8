import type { DeskWords } from '../en/desk.ts';

const count = (n: number, one: string, many: string) => `${n.toLocaleString('de')} ${n === 1 ? one : many}`;

/** Words of offers and availability, in German. */
export const offers: DeskWords['offers'] = {
  availability: 'Verfügbarkeit',
  states: { available: 'Verfügbar', away: 'Abwesend' },
  away: {
    chosen: 'Ihnen wird nichts angeboten.',
    missed: 'Sie haben ein Angebot nicht rechtzeitig beantwortet. Deshalb wird Ihnen nichts angeboten.',
    closed: 'Eine Zeit lang war keine Seite von Mailroom geöffnet. Deshalb wird Ihnen nichts angeboten.',
    idle: 'Sie waren 15 Minuten lang nicht aktiv. Deshalb wird Ihnen nichts angeboten.',
  },
  neverChosen: 'Ihnen wird erst etwas angeboten, wenn Sie verfügbar sind.',
  room: (held, capacity) => `${held.toLocaleString('de')} von ${capacity.toLocaleString('de')} E-Mails`,
  becomeAvailable: 'Verfügbar werden',
  stayAway: 'Abwesend bleiben',
  becameAvailable: 'Sie sind verfügbar. Ihnen werden E-Mails angeboten.',
  wentAway: 'Sie sind abwesend. Ihnen wird nichts angeboten.',
  title: 'Angebot für Sie',
  tab: 'Angebot',
  offered: (subject, from, queue, seconds) =>
    `Angebot für Sie: ${subject}, von ${from}, in ${queue}. Sie haben ${count(seconds, 'Sekunde', 'Sekunden')} Zeit.`,
  secondsLeft: (n) => `noch ${count(n, 'Sekunde', 'Sekunden')}`,
  more: (n) => `und ${n.toLocaleString('de')} weitere`,
  noSubject: 'Ohne Betreff',
  unknownSender: 'unbekanntem Absender',
  accept: 'Annehmen',
  decline: 'Ablehnen',
  declined: 'Abgelehnt. Die E-Mail geht an die nächste Person.',
  acceptKey: 'Das Angebot annehmen',
  declineKey: 'Das Angebot ablehnen',
  queueOffers: 'E-Mails den Agenten anbieten',
  queueOffersHint:
    'Wer verfügbar ist und am längsten nichts zu tun hatte, bekommt das Angebot. Wer nicht rechtzeitig antwortet, wird auf abwesend gestellt, und die E-Mail geht weiter.',
  timeout: 'Sekunden für die Antwort',
  timeoutHint: (least, most) => `Von ${least} bis ${most}. Danach geht die E-Mail weiter.`,
  allowsClaims: 'Agenten dürfen E-Mails auch selbst übernehmen',
  onlyOffered: 'E-Mails dieser Warteschlange werden denen angeboten, die verfügbar sind.',
  capacity: 'Gleichzeitig',
  capacityOf: (email) => `Gleichzeitige E-Mails für ${email}`,
  usualCapacity: (n) => `Üblich (${n})`,
  boardAway: {
    chosen: 'selbst gewählt',
    missed: 'Angebot verpasst',
    closed: 'Seite geschlossen',
    idle: 'nicht aktiv',
  },
  boardLoad: (held, capacity) => `${held.toLocaleString('de')} von ${capacity.toLocaleString('de')}`,
  boardOffered: (n) => count(n, 'offenes Angebot', 'offene Angebote'),
};
