import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { rareWord } from '../made-up-mail.ts';
import { measureRequests } from '../measure/request-times.ts';
import { type Filled, filledWithMail, MESSAGES } from '../stack/filled-with-mail.ts';

const ROUNDS = 30;
const WITHIN_MS = 60_000;

/** The search of the page, over a year of mail. */
export const search: BenchmarkCase = {
  name: 'search',
  question: `How fast does the API search ${MESSAGES.toLocaleString('en')} messages?`,
  steps: [{ stack: 'empty', connected: 0, run }],
};

async function run({ stack }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  const filled = await filledWithMail(stack, scale);
  const requests = Object.entries(kindsOf(filled)).flatMap(([kind, ask]) => [
    { kind, pathOf: (n: number) => `/api/v1/search?order=relevance&${ask(n)}` },
    { kind: `${kind}, newest first`, pathOf: (n: number) => `/api/v1/search?order=newest&${ask(n)}` },
  ]);
  return [
    { what: 'messages', value: filled.messages, unit: '' },
    ...(await measureRequests(stack, requests, {
      rounds: Math.ceil(ROUNDS * scale),
      atMostMs: 200,
      withinMs: WITHIN_MS,
    })),
  ];
}

/** Questions of each kind; the number makes each one another. A blank at the end ends the last word. */
function kindsOf({ messages, queueIds, accountIds, agents }: Filled): Readonly<Record<string, (n: number) => string>> {
  const one = <Thing>(things: readonly Thing[], n: number) => things[n % things.length] as Thing;
  const ask = (text: string, filters: Readonly<Record<string, string>> = {}) =>
    new URLSearchParams({ q: text, ...filters }).toString();
  const numberOf = (n: number) => String((n * 997) % messages).padStart(7, '0');
  const longAgo = new Date(Date.now() - 300 * 86_400_000).toISOString();
  return {
    'order number': (n) => ask(`RMA-2026-${numberOf(n)}`),
    'common word': (n) => ask(one(['Rechnung ', 'invoice ', 'Lieferung ', 'delivery '], n)),
    'two common words': (n) => ask(one(['Rechnung Vertrag ', 'invoice contract ', 'Lieferung Betrag '], n)),
    'common words never together': (n) => ask(one(['Vertrag contract ', 'freundlichen regards '], n)),
    'rare word': (n) => ask(`${rareWord(500 + n * 101)} `),
    'common and rare word': (n) => ask(`Rechnung ${rareWord(n * 37)} `),
    'absent word': (n) => ask(`xqzy${n}w `),
    'misspelt word': (n) => ask(one(['Rechnnung ', 'Lieferrung ', 'Reklamaton ', 'Complant '], n)),
    'beginning of a word': (n) => ask(one(['rec', 'rech', 'inv', 'invoi', 'kün', 'deliv'], n)),
    phrase: (n) => ask(one(['"bitte prüfen Sie"', '"has been waiting"', '"Ende des Monats"'], n)),
    'phrase of common words that never stand so': (n) => ask(one(['"Rechnung Vertrag"', '"invoice delivery"'], n)),
    sender: (n) => ask(`from:${one(['Müller', 'Hoffmann', 'Smith', 'Dubois'], n)} `),
    'sender with a number': (n) => ask(`from:${one(['Müller', 'Hoffmann'], n)} from:${(n * 13) % 5_000} `),
    'word in the subject': (n) => ask(`subject:${one(['Rechnung', 'invoice', 'Reklamation'], n)} `),
    'file name': (n) => ask(`file:Rechnung_${(n * 4_001) % messages}.pdf`),
    note: () => ask('Rückruf vereinbart '),
    exclusion: (n) => ask(one(['Rechnung -Vertrag ', 'invoice -contract '], n)),
    tag: () => ask('', { tag: 'refund' }),
    'rare tag with a common word': () => ask('Rechnung ', { tag: 'legal' }),
    'in a queue': (n) => ask('Rechnung ', { queue: one(queueIds, n) }),
    'in a mailbox': (n) => ask('Rechnung ', { account: one(accountIds, n * 7) }),
    'of a person': (n) => ask('Rechnung ', { person: one(agents, n) }),
    waiting: () => ask('Rechnung ', { state: 'waiting' }),
    'parked, of which there are none': () => ask('', { state: 'parked' }),
    'long ago': () => ask('Rechnung ', { receivedBefore: longAgo }),
    'many filters': (n) =>
      ask('Rechnung ', { queue: one(queueIds, n), person: one(agents, n), hasAttachments: 'true', tag: 'refund' }),
  };
}
