import type { ComponentHealth, HealthComponent, HealthReason } from '../../domain/health.ts';
import { storedFailureWords } from '../accounts/failure-words.ts';

type Facts = ComponentHealth['facts'];
type Words = string | ((facts: Facts) => string);

const works: Readonly<Record<HealthComponent, string>> = {
  api: 'The pages and the API answer.',
  workers: 'Mailboxes are read.',
  temporal: 'Commands, backlogs and comparisons are carried out.',
  database: 'Accepts writes.',
  microsoft: 'Answers.',
  audit: 'Entries are chained.',
};

const many = (count: unknown, one: string, more: string) => `${count} ${count === 1 ? one : more}`;

const words: Readonly<Partial<Record<HealthReason, Words>>> = {
  'process-silent': ({ silent, count, seconds }) =>
    silent === 1
      ? `1 of ${count} processes was last seen ${seconds} seconds ago: it hangs, was killed, or does not reach the database. Check it; the others do its work. One that was replaced is forgotten after fifteen minutes.`
      : `${silent} of ${count} processes were last seen ${seconds} seconds ago or earlier: they hang, were killed, or do not reach the database. Check them; the others do their work. Those that were replaced are forgotten after fifteen minutes.`,
  'process-troubled': ({ troubled, count, problem }) =>
    `${troubled} of ${count} processes cannot work. ${causeOf(problem)}`,
  'worker-none': 'No process is running, so no mailbox is read. Start one; mail stays in the mailboxes until then.',
  'worker-all-silent': ({ count, seconds }) =>
    `No sign of life of ${many(count, 'process', 'processes')} for ${seconds} seconds: hanging, killed, or without access to the database. Restart it; mail stays in the mailboxes until then.`,
  'worker-all-troubled': ({ problem }) => `No process can work. ${causeOf(problem)}`,
  'temporal-down':
    'The Temporal server does not answer. New mail still reaches its queues; commands, backlogs and comparisons wait until it does.',
  'workflows-stuck': ({ count }) =>
    `${many(count, 'account has a workflow', 'accounts have workflows')} that are stuck. Mailroom restarts each automatically, repeatedly while that does not help; new mail still reaches its queues. If this persists, look for *WorkflowTaskFailed* in Temporal’s UI: usually workers of two releases run side by side, or a key of ENCRYPTION_KEYS is missing.`,
  'activities-paused': ({ count }) =>
    `An activity of ${many(count, 'workflow', 'workflows')} was paused in Temporal, and waits until it is unpaused there. New mail still reaches its queues, except during the first reading of a mailbox; answers of a paused workflow are not sent. In Temporal’s UI, find the workflows by \`TemporalPauseInfo IS NOT NULL\`.`,
  'microsoft-down': ({ hindered, read }) =>
    `Microsoft does not answer: ${hindered} of ${many(read, 'mailbox', 'mailboxes')} cannot be read. Check the service health of Microsoft 365 and whether this server reaches Microsoft.`,
  'microsoft-partly': ({ hindered, read }) =>
    `${hindered} of ${many(read, 'mailbox', 'mailboxes')} cannot be read at the moment; each account says why.`,
  'microsoft-not-asked': 'No mailbox is read, so Microsoft is not called.',
  'settings-missing': 'The global properties are not entered yet, so Microsoft is not called.',
  'settings-refused': ({ problem }) =>
    `Microsoft refuses the global properties, so no mailbox is read. ${causeOf(problem, 'SettingsRejected')}`,
  'clock-differs': ({ seconds, ahead }) =>
    `The clock of this installation is ${seconds} seconds ${ahead === 'this-server' ? 'ahead of' : 'behind'} that of Microsoft. Synchronise it (NTP): from five minutes on, sign-ins fail.`,
  'secret-expires': ({ days }) =>
    Number(days) > 0
      ? `The client secret ends ${days === 1 ? 'within a day' : `in ${days} days`}, and then no mailbox can be read. Make another one in Entra, and enter it with its end under Config > Email > Global properties.`
      : 'The client secret has ended by the time that was entered. Enter the present one, or its end, under Config > Email > Global properties.',
  'audit-unsealed': ({ seconds }) =>
    `Entries of the audit trail have waited for their place in the chain for ${many(minutesOf(seconds), 'minute', 'minutes')}. They are stored; a worker chains them. Look for *audit.could-not-seal* in the log of the workers.`,
  'audit-not-streamed': ({ problem, waiting }) =>
    `The audit trail does not reach the system of AUDIT_STREAM_URL: ${streamProblems[String(problem)] ?? 'it does not accept entries.'} ${many(waiting, 'entry waits', 'entries wait')}; none is lost, and all are sent in order once it accepts them.`,
  'certificate-expires': ({ days }) =>
    Number(days) > 0
      ? `The certificate for Microsoft ends ${days === 1 ? 'within a day' : `in ${days} days`}, and then no mailbox can be read. Make another one, upload it in Entra, and choose it under Config > Email > Global properties.`
      : 'The certificate for Microsoft is over. Make another one, upload it in Entra, and choose it under Config > Email > Global properties.',
  'not-known': 'Not known at the moment.',
};

const minutesOf = (seconds: unknown) => Math.max(1, Math.floor(Number(seconds) / 60));

/** By the words of `domain/audit-stream.ts`. */
const streamProblems: Readonly<Record<string, string>> = {
  unreachable: 'no connection. Check its address, and the firewall between.',
  untrusted: 'its certificate is not trusted. Check AUDIT_STREAM_CA, and the name and the end of the certificate.',
  'timed-out': 'it does not answer in time.',
  busy: 'it asks to wait, or has an error of its own.',
  'refuses-us': 'it refuses the credentials. Check AUDIT_STREAM_HEADERS, or the client certificate.',
  'refuses-entries': 'it refuses what is sent. Check the path of the address, and its limits of size.',
};

function causeOf(reason: unknown, type = 'Unavailable'): string {
  const { cause, nextStep } = storedFailureWords(type, String(reason));
  return `${cause} ${nextStep}`;
}

/** The state of a component, in a sentence or two. */
export function healthWords({ component, reason, facts }: ComponentHealth): string {
  if (reason === 'works') return works[component];
  const known = words[reason];
  if (known === undefined) return `${causeOf(reason)}${detailOf(facts)}`;
  return typeof known === 'function' ? known(facts) : known;
}

/** PostgreSQL's error code, and the id of the key in question. */
function detailOf({ code, keyId }: Facts): string {
  const details = [code, keyId && `key ${keyId}`].filter(Boolean);
  return details.length === 0 ? '' : ` (${details.join(', ')})`;
}
