import { failureWordsDe } from './failure-words-de.ts';

type Facts = Readonly<Record<string, unknown>>;

const worksDe: Readonly<Record<string, string>> = {
  api: 'Die Seiten und die API antworten.',
  workers: 'Die Postfächer werden gelesen.',
  temporal: 'Aufträge, Rückstände und Vergleiche werden erledigt.',
  database: 'Nimmt Änderungen an.',
  microsoft: 'Antwortet.',
  audit: 'Die Einträge sind verkettet.',
};

const causeOf = (reason: unknown) => failureWordsDe[String(reason) as keyof typeof failureWordsDe] ?? '';
const many = (count: unknown, one: string, more: string) => (count === 1 ? one : `${count} ${more}`);

const streamProblemsDe: Readonly<Record<string, string>> = {
  unreachable: 'Es kommt keine Verbindung zustande. Prüfen Sie die Adresse und die Firewall dazwischen.',
  untrusted:
    'Seinem Zertifikat wird nicht vertraut. Prüfen Sie AUDIT_STREAM_CA sowie Namen und Ablauf des Zertifikats.',
  'timed-out': 'Es antwortet nicht rechtzeitig.',
  busy: 'Es bittet zu warten oder ist selbst gestört.',
  'refuses-us': 'Es lehnt die Anmeldung ab. Prüfen Sie AUDIT_STREAM_HEADERS oder das Client-Zertifikat.',
  'refuses-entries': 'Es lehnt die Einträge ab. Prüfen Sie den Pfad der Adresse und die Größenbeschränkungen.',
};

const wordsDe: Readonly<Record<string, string | ((facts: Facts) => string)>> = {
  'process-silent': ({ silent, count, seconds }) =>
    silent === 1
      ? `1 von ${count} Prozessen hat sich zuletzt vor ${seconds} Sekunden gemeldet: Er hängt, wurde beendet oder erreicht die Datenbank nicht. Prüfen Sie ihn; die anderen übernehmen seine Arbeit. Wurde er ersetzt, ist er nach fünfzehn Minuten vergessen.`
      : `${silent} von ${count} Prozessen haben sich seit ${seconds} Sekunden oder länger nicht gemeldet: Sie hängen, wurden beendet oder erreichen die Datenbank nicht. Prüfen Sie sie; die anderen übernehmen ihre Arbeit. Wurden sie ersetzt, sind sie nach fünfzehn Minuten vergessen.`,
  'process-troubled': ({ troubled, count, problem }) =>
    `${troubled} von ${count} Prozessen ${troubled === 1 ? 'kann' : 'können'} nicht arbeiten. ${causeOf(problem)}`,
  'worker-none':
    'Es läuft kein Prozess, deshalb wird kein Postfach gelesen. Starten Sie einen; bis dahin bleiben die E-Mails in den Postfächern.',
  'worker-all-silent': ({ count, seconds }) =>
    `Seit ${seconds} Sekunden kein Lebenszeichen von ${many(count, 'dem einzigen Prozess', 'Prozessen')}. Mögliche Gründe: hängt, wurde beendet, erreicht die Datenbank nicht. Starten Sie neu; bis dahin bleiben die E-Mails in den Postfächern.`,
  'worker-all-troubled': ({ problem }) => `Kein Prozess kann arbeiten. ${causeOf(problem)}`,
  'temporal-down':
    'Der Temporal-Server antwortet nicht. Neue E-Mails kommen weiter in ihre Warteschlangen; Aufträge, Rückstände und Vergleiche warten auf ihn.',
  'workflows-stuck': ({ count }) =>
    `${count === 1 ? 'Der Workflow eines Kontos kommt' : `Die Workflows von ${count} Konten kommen`} nicht weiter. Mailroom startet jeden automatisch neu, wiederholt, solange das nicht hilft; neue E-Mails kommen weiter in ihre Warteschlangen. Bleibt es dabei, suchen Sie in der Oberfläche von Temporal nach *WorkflowTaskFailed*: Meist laufen Worker zweier Versionen nebeneinander, oder in ENCRYPTION_KEYS fehlt ein Schlüssel.`,
  'activities-paused': ({ count }) =>
    `In Temporal wurde ${count === 1 ? 'eine Aktivität eines Workflows' : `je eine Aktivität von ${count} Workflows`} angehalten; sie wartet, bis sie dort fortgesetzt wird. Neue E-Mails kommen weiter in ihre Warteschlangen, außer beim ersten Lesen eines Postfachs; die Antwort eines angehaltenen Workflows wird nicht gesendet. In der Oberfläche von Temporal finden Sie die Workflows mit \`TemporalPauseInfo IS NOT NULL\`.`,
  'microsoft-down': ({ hindered, read }) =>
    `Microsoft antwortet nicht: ${hindered} von ${read} Postfächern ${hindered === 1 ? 'lässt' : 'lassen'} sich nicht lesen. Prüfen Sie den Dienststatus von Microsoft 365 und ob dieser Server Microsoft erreicht.`,
  'microsoft-partly': ({ hindered, read }) =>
    `${hindered} von ${read} Postfächern ${hindered === 1 ? 'lässt' : 'lassen'} sich im Moment nicht lesen; warum, steht beim Konto.`,
  'microsoft-not-asked': 'Es wird kein Postfach gelesen, deshalb wird Microsoft nicht angesprochen.',
  'settings-missing': 'Die allgemeinen Einstellungen fehlen noch, deshalb wird Microsoft nicht angesprochen.',
  'settings-refused': ({ problem }) =>
    `Microsoft nimmt die allgemeinen Einstellungen nicht an, deshalb wird kein Postfach gelesen. ${causeOf(problem)}`,
  'clock-differs': ({ seconds, ahead }) =>
    `Die Uhr dieser Installation geht gegenüber der von Microsoft ${seconds} Sekunden ${ahead === 'this-server' ? 'vor' : 'nach'}. Synchronisieren Sie sie (NTP): Ab fünf Minuten schlagen Anmeldungen fehl.`,
  'secret-expires': ({ days }) =>
    Number(days) > 0
      ? `Der geheime Clientschlüssel läuft ${days === 1 ? 'binnen eines Tages' : `in ${days} Tagen`} ab; danach kann kein Postfach mehr gelesen werden. Legen Sie in Entra einen neuen an und tragen Sie ihn mit seinem Ablauf unter Konfiguration > E-Mail > Allgemeine Einstellungen ein.`
      : 'Nach dem eingetragenen Zeitpunkt ist der geheime Clientschlüssel abgelaufen. Tragen Sie unter Konfiguration > E-Mail > Allgemeine Einstellungen den jetzigen oder seinen Ablauf ein.',
  'audit-unsealed': ({ seconds }) =>
    `Einträge des Protokolls warten seit ${many(Math.max(1, Math.floor(Number(seconds) / 60)), 'einer Minute', 'Minuten')} auf ihren Platz in der Kette. Gespeichert sind sie; verkettet werden sie von einem Worker. Suchen Sie in den Logs der Worker nach *audit.could-not-seal*.`,
  'audit-not-streamed': ({ problem, waiting }) =>
    `Das Protokoll erreicht das System unter AUDIT_STREAM_URL nicht: ${streamProblemsDe[String(problem)] ?? 'Es nimmt keine Einträge an.'} ${many(waiting, 'Ein Eintrag wartet', 'Einträge warten')}; keiner geht verloren, und sobald das System sie annimmt, werden sie der Reihe nach gesendet.`,
  'certificate-expires': ({ days }) =>
    Number(days) > 0
      ? `Das Zertifikat für Microsoft läuft ${days === 1 ? 'binnen eines Tages' : `in ${days} Tagen`} ab; danach kann kein Postfach mehr gelesen werden. Erstellen Sie ein neues, laden Sie es in Entra hoch und wählen Sie es unter Konfiguration > E-Mail > Allgemeine Einstellungen aus.`
      : 'Das Zertifikat für Microsoft ist abgelaufen. Erstellen Sie ein neues, laden Sie es in Entra hoch und wählen Sie es unter Konfiguration > E-Mail > Allgemeine Einstellungen aus.',
  'not-known': 'Im Moment nicht bekannt.',
};

/** How a component is, in German; undefined for a reason of a newer release. */
export function healthWordsDe(component: string, reason: string, facts: Facts): string | undefined {
  if (reason === 'works') return worksDe[component];
  const known = wordsDe[reason];
  if (known !== undefined) return typeof known === 'function' ? known(facts) : known;
  return causeOf(reason) || undefined;
}
