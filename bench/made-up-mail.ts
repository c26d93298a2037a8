/** What a customer writes to a contact centre, without numbers and rare words, which differ from mail to mail. */
export interface MadeUpMail {
  readonly subject: string;
  readonly fromName: string;
  readonly bodyText: string;
}

interface Phrases {
  readonly subjects: readonly string[];
  /** `{p}` is a product. */
  readonly sentences: readonly string[];
}

const german: Phrases = {
  subjects: [
    'Frage zur Rechnung',
    'Reklamation {p}',
    'Wo bleibt meine Lieferung?',
    'Kündigung meines Vertrags',
    'AW: Ihre Bestellung',
    'Angebot {p}',
  ],
  sentences: [
    'Sehr geehrte Damen und Herren,',
    'leider ist die Rechnung nicht richtig, bitte prüfen Sie den Betrag.',
    'Die Lieferung mit {p} ist bis heute nicht angekommen.',
    'Ich möchte meinen Vertrag zum Monatsende kündigen.',
    'Können Sie mir bitte eine Kopie der Unterlagen schicken?',
    'Der Artikel {p} war beschädigt, die Verpackung ebenfalls.',
    'Bitte überweisen Sie den Betrag auf mein Konto zurück.',
    'Unsere Abteilung wartet seit Wochen auf eine Antwort.',
    'Telefonisch war bei Ihnen am Freitag keiner zu erreichen.',
    'Die Bedienungsanleitung für {p} fehlt im Karton.',
    'Der Techniker hat den Termin ohne Nachricht verschoben.',
    'Vielen Dank für Ihre schnelle Hilfe.',
    'Mit freundlichen Grüßen',
  ],
};
const english: Phrases = {
  subjects: [
    'Question about an invoice',
    'Complaint: {p}',
    'Where is my delivery?',
    'Cancel my contract',
    'RE: your order',
    'Quote for {p}',
  ],
  sentences: [
    'Dear Sir or Madam,',
    'unfortunately the invoice is not correct, please check the amount.',
    'The delivery of {p} has not arrived yet.',
    'I would like to cancel my contract at the end of the month.',
    'Could you please send me a copy of the documents?',
    'The item {p} was damaged, and so was the packaging.',
    'Please transfer the amount back to my account.',
    'Our department has been waiting for an answer for weeks.',
    'I called on Friday and could not reach anybody.',
    'The manual of {p} is missing in the box.',
    'The technician moved the appointment without a message.',
    'Thank you for your quick help.',
    'Kind regards',
  ],
};
const french: Phrases = {
  subjects: ['Question sur la facture', 'Réclamation {p}', 'Où est ma livraison ?', 'Résiliation du contrat'],
  sentences: [
    'Madame, Monsieur,',
    'malheureusement la facture n’est pas correcte, merci de vérifier le montant.',
    'La livraison de {p} n’est pas encore arrivée.',
    'Je voudrais résilier mon contrat à la fin du mois.',
    'Pourriez-vous m’envoyer une copie des documents ?',
    'Le technicien a déplacé le rendez-vous sans prévenir.',
    'Cordialement',
  ],
};
const spanish: Phrases = {
  subjects: ['Pregunta sobre la factura', 'Reclamación {p}', '¿Dónde está mi pedido?'],
  sentences: [
    'Estimados señores:',
    'lamentablemente la factura no es correcta, por favor revisen el importe.',
    'El pedido de {p} todavía no ha llegado.',
    'Quisiera cancelar mi contrato a fin de mes.',
    '¿Podrían enviarme una copia de los documentos?',
    'El técnico cambió la cita sin avisar.',
    'Un saludo cordial',
  ],
};
/** Half German, a third English, the rest of two others. */
const languages = [german, german, german, english, english, german, english, french, german, spanish];

const products = 'kettle Waschmaschine router Drucker headset Fernseher Tarif laptop Kaffeemaschine fridge'.split(' ');
const surnames =
  'Müller Schmidt Doe Weber Smith García Dubois Jones Becker Hoffmann Fischer Brown Martin López Wagner Schulz'.split(
    ' ',
  );
const givenNames = 'Anna Jo Maria Peter Lena Paul Ines Karl Eva Tom Nina Max'.split(' ');
const syllables = 'ka lo mi ner sta vo rin del tu bra zen por qui hel mar os'.split(' ');

const FEWEST_SENTENCES = 4;
const MOST_SENTENCES = 16;
/** Of the mails that quote history: words that differ from text to text, as often as in a language. */
const QUOTING = 0.25;
const QUOTED_WORDS = 120;

/** How many rare words there are. How often one is used falls with its rank, as in a language. */
export const RARE_WORDS = 200_000;

/** The nth mail: the same in every run. */
export function madeUpMail(n: number): MadeUpMail {
  const random = randomOf(n + 1);
  const pick = <Thing>(things: readonly Thing[]) => things[Math.floor(random() * things.length)] as Thing;
  const { subjects, sentences } = pick(languages);
  const fill = (text: string) => text.replaceAll('{p}', () => pick(products));
  const fromName = `${pick(givenNames)} ${pick(surnames)}`;
  const count = FEWEST_SENTENCES + Math.floor(random() * (MOST_SENTENCES - FEWEST_SENTENCES));
  const body = Array.from({ length: count }, () => fill(pick(sentences)));
  const quoted = Array.from({ length: random() < QUOTING ? QUOTED_WORDS : 0 }, () =>
    rareWord(Math.floor(RARE_WORDS ** random())),
  );
  return {
    subject: fill(pick(subjects)),
    fromName,
    bodyText: `${body.join('\n')}\n\n${fromName}\n${quoted.join(' ')}\n`,
  };
}

/** A pronounceable word for a number, each another one. */
export function rareWord(n: number): string {
  let word = '';
  for (let rest = n + 17; rest > 0; rest = Math.floor(rest / syllables.length)) {
    word += syllables[rest % syllables.length];
  }
  return word;
}

/** Mulberry32: small, fast, and even enough for choices. */
function randomOf(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
