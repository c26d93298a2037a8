import { failureWordsDe } from './failure-words-de.ts';

type Facts = Readonly<Record<string, unknown>>;

const worksDe: Readonly<Record<string, string>> = {
  api: 'Die Seiten und die API antworten.',
  workers: 'Die Postfächer werden gelesen.',
  temporal: 'Aufträge, Rückstände und Vergleiche werden erledigt.',
  database: 'Nimmt an, was zu speichern ist.',
  microsoft: 'Antwortet.',
};

const causeOf = (reason: unknown) => failureWordsDe[String(reason) as keyof typeof failureWordsDe] ?? '';
const many = (count: unknown, one: string, more: string) => (count === 1 ? one : `${count} ${more}`);

const wordsDe: Readonly<Record<string, string | ((facts: Facts) => string)>> = {
  'process-silent': ({ silent, count, seconds }) =>
    `${silent} von ${count} Prozessen hat sich zuletzt vor ${seconds} Sekunden gemeldet: Er steht still, wurde beendet oder erreicht die Datenbank nicht. Sehen Sie nach; die anderen erledigen seine Arbeit.`,
  'process-troubled': ({ troubled, count, problem }) =>
    `${troubled} von ${count} Prozessen kann nicht arbeiten. ${causeOf(problem)}`,
  'worker-none':
    'Es läuft kein Prozess, deshalb wird kein Postfach gelesen. Starten Sie einen; bis dahin warten die E-Mails in den Postfächern.',
  'worker-all-silent': ({ count, seconds }) =>
    `Seit ${seconds} Sekunden kein Lebenszeichen von ${many(count, 'dem einzigen Prozess', 'Prozessen')}: steht still, wurde beendet oder erreicht die Datenbank nicht. Starten Sie neu; bis dahin warten die E-Mails in den Postfächern.`,
  'worker-all-troubled': ({ problem }) => `Kein Prozess kann arbeiten. ${causeOf(problem)}`,
  'temporal-down':
    'Der Temporal-Server antwortet nicht. Neue E-Mails kommen weiter in ihre Warteschlangen; Aufträge, Rückstände und Vergleiche warten auf ihn.',
  'workflows-stuck': ({ count }) =>
    `${count === 1 ? 'Der Workflow eines Kontos kommt' : `Die Workflows von ${count} Konten kommen`} nicht weiter. Jeder wird von selbst neu begonnen, und immer wieder, solange das nicht hilft; neue E-Mails kommen weiter in ihre Warteschlangen. Bleibt es dabei, sehen Sie in der Oberfläche von Temporal nach *WorkflowTaskFailed*: Meist laufen Worker zweier Versionen nebeneinander, oder in ENCRYPTION_KEYS fehlt ein Schlüssel.`,
  'microsoft-down': ({ hindered, read }) =>
    `Microsoft antwortet nicht: ${hindered} von ${read} Postfächern ${hindered === 1 ? 'lässt' : 'lassen'} sich nicht lesen. Sehen Sie im Dienststatus von Microsoft 365 nach, und ob dieser Server Microsoft erreicht.`,
  'microsoft-partly': ({ hindered, read }) =>
    `${hindered} von ${read} Postfächern ${hindered === 1 ? 'lässt' : 'lassen'} sich im Moment nicht lesen; warum, steht beim Konto.`,
  'microsoft-not-asked': 'Es wird kein Postfach gelesen, also wird nichts gefragt.',
  'settings-missing': 'Die allgemeinen Einstellungen fehlen noch, also wird nichts gefragt.',
  'settings-refused': ({ problem }) =>
    `Microsoft nimmt die allgemeinen Einstellungen nicht an, deshalb wird kein Postfach gelesen. ${causeOf(problem)}`,
  'clock-differs': ({ seconds, ahead }) =>
    `Die Uhr dieser Installation geht gegenüber der von Microsoft ${seconds} Sekunden ${ahead === 'this-server' ? 'vor' : 'nach'}. Stellen Sie sie richtig (NTP): Ab fünf Minuten gelingt keine Anmeldung mehr.`,
  'not-known': 'Im Moment nicht bekannt.',
};

/** How a component is, in German; undefined for a reason of a newer release. */
export function healthWordsDe(component: string, reason: string, facts: Facts): string | undefined {
  if (reason === 'works') return worksDe[component];
  const known = wordsDe[reason];
  if (known !== undefined) return typeof known === 'function' ? known(facts) : known;
  return causeOf(reason) || undefined;
}
