import { createPrivateKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { z } from 'zod';
import { foldAddress } from '../domain/fold-address.ts';
import { READER_SLOTS } from '../domain/reader-share.ts';
import { certificateProblem, signingKeyProblem } from '../encryption/client-certificate.ts';
import { hasBlockedPort, isBlockedPort } from './blocked-port.ts';
import { encryptionKeys } from './encryption-keys.ts';
import { parseHeaderList } from './header-list.ts';

/** One environment variable: how it is parsed, its default, and its documentation. */
export interface Variable<T> {
  /** Parses the text of the variable. Issue messages complete the sentence "NAME …". */
  readonly schema: z.ZodType<T, string>;
  /** Used when the variable is not set, written as in the environment. */
  readonly default?: string;
  /** A valid value, shown beside every error. */
  readonly example: string;
  readonly meaning: string;
  /** May also be given as NAME_FILE, the path of a file with the secret; its value is never shown. */
  readonly secret?: true;
  /** May also be given as NAME_FILE; its value is too long to show. */
  readonly file?: true;
  /** Read by the API alone: other processes do not get it. */
  readonly ofApi?: true;
  /** Its name in an earlier release, which still counts. */
  readonly formerly?: string;
  /** True where Mailroom cannot start without it. */
  readonly required?: true;
}

export const microsoftClouds = ['global', 'usgov', 'dod', 'china', 'simulator'] as const;
export type MicrosoftCloud = (typeof microsoftClouds)[number];

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const codecAccesses = ['session', 'loopback'] as const;
/**
 * Who may ask the API to decode payloads for Temporal's pages: signed-in administrators, or everyone on this machine.
 */
export type CodecAccess = (typeof codecAccesses)[number];

/** Names of address ranges that the proxy list accepts beside addresses and networks. */
const namedNetworks = ['loopback', 'linklocal', 'uniquelocal'];

const BLOCKED_PORT = 'must have another port: browsers and Node refuse to connect to this one';

/** Every variable that Mailroom reads. */
export const variables = {
  API_HOST: {
    schema: text(),
    default: '127.0.0.1',
    example: '0.0.0.0',
    meaning: 'Address on which the API listens.',
  },
  API_PORT: { schema: integer(0, 65_535), default: '3000', example: '3000', meaning: 'Port of the API; 0: any free.' },
  PUBLIC_URL: {
    schema: origin(),
    default: 'http://localhost:3000',
    example: 'https://mailroom.example.com',
    meaning: 'Where browsers reach Mailroom. Part of the redirect URI that is registered with Microsoft.',
  },
  TRUST_PROXY: {
    schema: list(
      isAddressOrNetwork,
      'must list addresses or networks of proxies, separated by commas (loopback, linklocal and uniquelocal are known)',
    ),
    example: '10.0.0.0/8,loopback',
    meaning: 'Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.',
  },
  CODEC_ACCESS: {
    schema: choice(codecAccesses),
    default: 'session',
    example: 'session',
    meaning:
      "Who may have payloads decoded for Temporal's pages: `session`, signed-in administrators; `loopback`, this machine.",
  },
  DATABASE_URL: {
    schema: url(['postgres:', 'postgresql:'], 'must be the URL of a PostgreSQL database'),
    example: 'postgres://mailroom:password@localhost:5432/mailroom',
    meaning: "Mailroom's own PostgreSQL database.",
    secret: true,
    required: true,
  },
  RUNTIME_DATABASE_URL: {
    schema: url(['postgres:', 'postgresql:'], 'must be the URL of a PostgreSQL database'),
    example: 'postgres://mailroom_runtime:password@localhost:5432/mailroom',
    meaning:
      'Read by the migration alone: the DATABASE_URL of API and workers. The migration makes its role, with the rights that ' +
      'they need: none to change the schema or the audit trail.',
    secret: true,
  },
  DATABASE_POOL_SIZE: {
    schema: integer(1, 1_000),
    // 10: two cores of PostgreSQL are busy with about that many; more only queue inside the server.
    default: '10',
    example: '10',
    meaning: 'Most connections that one process opens to PostgreSQL.',
  },
  TEMPORAL_ADDRESS: {
    schema: hostAndPort(),
    default: 'localhost:7233',
    example: 'temporal.example.com:7233',
    meaning: 'Host and port of the Temporal server.',
  },
  TEMPORAL_TLS: {
    schema: choice(['true', 'false']),
    example: 'true',
    meaning: 'Whether Temporal is reached by TLS. Without it: when one of the next five is set.',
  },
  TEMPORAL_TLS_CA: {
    schema: certificates(),
    example: '<PEM of the authority that signed the certificate of the server>',
    meaning:
      "PEM of the authorities that the Temporal server's certificate may come from, instead of the well-known ones.",
    file: true,
  },
  TEMPORAL_TLS_CERTIFICATE: {
    schema: certificates(),
    example: '<PEM of the client certificate>',
    meaning: "PEM of Mailroom's certificate, where the Temporal server asks for one (mTLS).",
    file: true,
  },
  TEMPORAL_TLS_KEY: {
    schema: privateKey(),
    example: '<PEM of the private key>',
    meaning: 'PEM of the private key of that certificate.',
    secret: true,
  },
  TEMPORAL_TLS_SERVER_NAME: {
    schema: text(),
    example: 'temporal.example.com',
    meaning: "Name in the Temporal server's certificate, where it is not that of TEMPORAL_ADDRESS.",
  },
  TEMPORAL_API_KEY: {
    schema: z.string().regex(/^[\x21-\x7e]+$/, { error: 'must be one line of printable characters' }),
    example: '<the key of a namespace in Temporal Cloud>',
    meaning: 'API key for Temporal, such as one of Temporal Cloud.',
    secret: true,
  },
  TEMPORAL_NAMESPACE: { schema: text(), default: 'default', example: 'mailroom', meaning: 'Temporal namespace.' },
  TEMPORAL_UI_URL: {
    schema: url(['http:', 'https:'], 'must be an http or https URL'),
    default: 'http://localhost:8233',
    example: 'https://temporal.example.com',
    meaning: "Address of Temporal's pages, for links from Mailroom's.",
  },
  MICROSOFT_CLOUD: {
    schema: choice(microsoftClouds),
    default: 'global',
    example: 'global',
    meaning:
      'Which Microsoft cloud the mailboxes live in; `simulator` talks to SIMULATOR_URL instead, on this machine and never ' +
      'with NODE_ENV=production.',
  },
  MICROSOFT_CERTIFICATE: {
    schema: withoutProblem(certificateProblem),
    example: '<PEM of the certificate that is uploaded to the app registration>',
    meaning:
      "PEM of Mailroom's certificate for Entra, where one of your own takes the place of the client secret; the same for " +
      'every process. Config > Email then offers it.',
    file: true,
  },
  MICROSOFT_CERTIFICATE_KEY: {
    schema: withoutProblem(signingKeyProblem),
    example: '<PEM of its private key>',
    meaning: 'PEM of the private key of that certificate: RSA, 2048 bits or more, without a passphrase.',
    secret: true,
  },
  SIMULATOR_URL: {
    schema: origin(),
    default: 'http://localhost:4000',
    example: 'http://localhost:4000',
    meaning: 'Address of the simulator. Read only when MICROSOFT_CLOUD is `simulator`.',
  },
  ENCRYPTION_KEYS: {
    schema: encryptionKeys,
    example: 'k1:<output of `openssl rand -base64 32`>',
    meaning:
      'Keys for tokens, secrets and workflow payloads: `id:base64 of 32 bytes`, or `id:kms:…` for one that AWS KMS keeps, ' +
      'separated by commas. ' +
      'All decrypt, and the first that every running process holds encrypts; to replace one, put the new one in front.',
    secret: true,
    required: true,
  },
  OIDC_ISSUER: {
    schema: url(['http:', 'https:'], 'must be an http or https URL'),
    example: 'https://login.microsoftonline.com/<tenant id>/v2.0',
    meaning: 'OpenID Connect provider at which people sign in to Mailroom. Without it only API keys work.',
    ofApi: true,
  },
  OIDC_CLIENT_ID: {
    schema: text(),
    example: '00001111-aaaa-2222-bbbb-3333cccc4444',
    meaning: "Mailroom's client id at that provider.",
    ofApi: true,
  },
  OIDC_CLIENT_SECRET: {
    schema: text(),
    example: '<the secret that the provider gave>',
    meaning: "Mailroom's client secret at that provider.",
    secret: true,
    ofApi: true,
  },
  OIDC_CLIENT_KEY: {
    schema: withoutProblem(signingKeyProblem),
    example: '<PEM of a private key>',
    meaning:
      'PEM of a private key by which Mailroom proves itself to that provider instead of by a secret (`private_key_jwt`): RSA of ' +
      '2048 bits or more, or EC P-256; no passphrase. The public key is at `/auth/jwks`.',
    secret: true,
    ofApi: true,
  },
  OIDC_CLIENT_CERTIFICATE: {
    schema: withoutProblem(certificateProblem),
    example: '<PEM of its certificate>',
    meaning: 'PEM of the certificate of that key, where the provider knows it by a certificate, as Entra does.',
    file: true,
    ofApi: true,
  },
  OIDC_CLIENT_KEY_ID: {
    schema: text(),
    example: 'mailroom-2027',
    meaning: 'Id (`kid`) by which the provider knows that key. Without it, the thumbprint of the key (RFC 7638).',
    ofApi: true,
  },
  FIRST_ADMINISTRATOR: {
    schema: z.email({ error: 'must be an e-mail address' }).transform(foldAddress),
    example: 'admin@contoso.example',
    meaning: 'E-mail address of the user who may sign in before anybody was added. Added as `Admin` at start.',
  },
  POLL_INTERVAL_SECONDS: {
    schema: integer(1, 3_600),
    // 20: the delta query of one mailbox may run 30 to 60 times a minute for hours without being throttled, and people
    // who wait for a mail start to wonder after half a minute.
    default: '20',
    example: '20',
    meaning: 'How often a mailbox without notifications is asked for new mail, in seconds.',
  },
  BACKSTOP_INTERVAL_SECONDS: {
    schema: integer(1, 86_400),
    // 600: notifications have been known to fail for hours; ten minutes is when people would start to phone.
    default: '600',
    example: '600',
    meaning: 'How often a mailbox with notifications is asked for new mail all the same, in seconds.',
  },
  NOTIFICATION_URL: {
    schema: origin(),
    example: 'https://mail-hooks.example.com',
    meaning:
      'Where Microsoft reaches the API with notifications, when that is not PUBLIC_URL. Must be https and reachable ' +
      'from outside; otherwise all mailboxes are polled.',
  },
  DELTA_PAGE_SIZE: {
    schema: integer(1, 500),
    // 50: one transaction holds a page. A page of 50 full messages is about 5 MB, written in well under a second.
    default: '50',
    example: '50',
    meaning: 'Messages asked for in one page of changes.',
  },
  DRAIN_HEARTBEAT_TIMEOUT_SECONDS: {
    schema: integer(2, 600),
    // 30: longer than Microsoft Graph's slowest answer; also how long a killed worker goes unnoticed.
    default: '30',
    example: '30',
    meaning: 'After how many silent seconds the drain of a mailbox is given to another worker.',
  },
  WORKER_MAX_CONCURRENT_ACTIVITIES: {
    schema: integer(1, 10_000),
    // 100: the default of Temporal's SDK; a drain mostly waits for Microsoft.
    default: '100',
    example: '100',
    meaning: 'Mailboxes that one worker drains at the same time.',
  },
  WORKER_MAX_CONCURRENT_POLLS: {
    formerly: 'WORKER_MAX_CONCURRENT_LOOKS',
    schema: integer(1, 1_000),
    // 50: at 100 ms per answer from Microsoft, 500 polls a second: 10,000 mailboxes polled every 20 seconds.
    default: '50',
    example: '50',
    meaning: 'Mailboxes that one worker asks for new mail at the same time, apart from those that it drains.',
  },
  READER_SHARES: {
    schema: integer(1, READER_SLOTS).refine((shares) => Number.isInteger(Math.log2(shares)), {
      error: 'must be a power of two',
    }),
    // 16: even enough for up to eight workers. Each share costs Temporal a heartbeat every eight seconds.
    default: '16',
    example: '16',
    meaning: 'Shares into which the mailboxes are divided for reading: a power of two, the same for all workers.',
  },
  WORKER_MAX_CACHED_WORKFLOWS: {
    schema: integer(1, 100_000),
    // 500: up to 0.8 MB each after bursts, so 400 MB of a worker's gigabyte. Mail uses no workflow; commands and
    // backlogs of other accounts replay theirs first. The SDK derives its own default from the wrong heap
    // (sdk-typescript#1843).
    default: '500',
    example: '500',
    meaning: 'Mailbox workflows that one worker keeps in memory; the others are replayed when they wake.',
  },
  WORKER_HEALTH_PORT: {
    // Clients are often a fetch, such as the health check of docker-compose.yml.
    schema: integer(0, 65_535).refine((port) => port === 0 || !isBlockedPort(port), { error: BLOCKED_PORT }),
    example: '8080',
    meaning: 'Port on which the worker answers `/healthz` and `/readyz`. Without it, it does not listen.',
  },
  CLAMAV_URL: {
    schema: url(['tcp:'], 'must be the address of a clamd, such as tcp://clamav:3310').refine(
      (value) => URL.parse(value)?.port !== '' && /^tcp:\/\/[^/@]+\/?$/.test(value),
      { error: 'must be a host and a port, such as tcp://clamav:3310' },
    ),
    example: 'tcp://clamav:3310',
    meaning: 'ClamAV daemon that looks at attachments before people get them. Without it, they are not scanned.',
  },
  SCAN_REQUIRED: {
    schema: choice(['true', 'false']),
    default: 'false',
    example: 'true',
    meaning:
      'Whether attachments that were not scanned, because the scanner is away or they are too large, are withheld.',
  },
  CONTENT_CACHE_MEGABYTES: {
    schema: integer(1, 1_000_000),
    // 2 GB: what 100 agents open in a day, mostly below a megabyte each.
    default: '2048',
    example: '2048',
    meaning: 'Size of the encrypted copies of attachments that PostgreSQL keeps; the least recently used are deleted.',
  },
  CONTENT_KEPT_HOURS: {
    schema: integer(1, 8_760),
    default: '24',
    example: '24',
    meaning:
      'How long an attachment that no person opens stays in PostgreSQL. It is read from the mailbox again when needed.',
  },
  AUDIT_DAYS: {
    schema: integer(30, 36_500),
    default: '400',
    example: '400',
    meaning: 'How long entries of the audit trail are kept. The database keeps the last 30 days whatever is set.',
  },
  AUDIT_STREAM_URL: {
    schema: url(['http:', 'https:'], 'must be an http or https URL').refine(
      (value) => URL.parse(value)?.search === '' && URL.parse(value)?.username === '',
      { error: 'must have no query and no user name: credentials belong into AUDIT_STREAM_HEADERS' },
    ),
    example: 'https://otel.example.com/v1/logs',
    meaning:
      'Where workers send the audit trail as OpenTelemetry logs (OTLP over HTTP, protobuf), such as a collector or a SIEM. ' +
      'Without it, they do not.',
  },
  AUDIT_STREAM_HEADERS: {
    schema: z.string().transform((text, context) => {
      const headers = parseHeaderList(text);
      if (headers) return headers;
      context.addIssue('must be `name=value`, separated by commas, with values percent-encoded');
      return z.NEVER;
    }),
    example: 'Authorization=Bearer%20<token>',
    meaning:
      'Headers for it: `name=value`, separated by commas, with percent-encoded values, as OpenTelemetry writes them.',
    secret: true,
  },
  AUDIT_STREAM_CA: {
    schema: certificates(),
    example: '<PEM of the authority that signed the certificate of the receiver>',
    meaning: "PEM of the authorities that the receiver's certificate may come from, instead of the well-known ones.",
    file: true,
  },
  AUDIT_STREAM_CERTIFICATE: {
    schema: certificates(),
    example: '<PEM of the client certificate>',
    meaning: "PEM of Mailroom's certificate, where the receiver asks for one (mTLS).",
    file: true,
  },
  AUDIT_STREAM_KEY: {
    schema: privateKey(),
    example: '<PEM of the private key>',
    meaning: 'PEM of the private key of that certificate.',
    secret: true,
  },
  HTTPS_PROXY: {
    schema: proxyUrl(),
    example: 'http://proxy.example.com:3128',
    meaning:
      'Proxy for requests to https addresses: Microsoft Graph, Entra, the provider of OIDC_ISSUER, and images that ' +
      'people load in mails. May hold a user name and password. Never used for this machine itself.',
    secret: true,
  },
  HTTP_PROXY: {
    schema: proxyUrl(),
    example: 'http://proxy.example.com:3128',
    meaning: 'The same for http addresses, which only a simulator or a provider inside has.',
    secret: true,
  },
  NO_PROXY: {
    schema: list(isProxyException, 'must list hosts, `.domains` or hosts with a port, separated by commas, or be *'),
    example: '.corp.example,10.0.0.5,login.corp.example:8443',
    meaning: 'Hosts that are reached without a proxy; `.example.com` means all below it, `*` all.',
  },
  LOG_LEVEL: { schema: choice(logLevels), default: 'info', example: 'info', meaning: 'Least severe lines logged.' },
} as const satisfies Record<string, Variable<unknown>>;

export type VariableName = keyof typeof variables;

/** The value of a variable after parsing. */
export type ValueOf<Name extends VariableName> = z.output<(typeof variables)[Name]['schema']>;

function text() {
  return z.string();
}

function choice<const Choices extends readonly [string, ...string[]]>(choices: Choices) {
  return z.enum(choices, { error: `must be one of ${choices.join(', ')}` }) as z.ZodType<Choices[number], string>;
}

function integer(least: number, most: number) {
  const error = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error, abort: true })
    .transform(Number)
    .refine((number) => number >= least && number <= most, { error });
}

/** Only http clients refuse ports; PostgreSQL may listen on any. */
function isConnectable(value: string): boolean {
  return !/^https?:/i.test(value) || !hasBlockedPort(value);
}

function url(protocols: readonly string[], error: string) {
  return z
    .string()
    .refine((value) => protocols.includes(URL.parse(value)?.protocol ?? ''), { error, abort: true })
    .refine(isConnectable, { error: BLOCKED_PORT });
}

/** A URL of only scheme, host and port, returned without a final slash so that paths can be appended. */
function origin() {
  return z
    .string()
    .refine(
      (value) => {
        const parsed = URL.parse(value);
        return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.href === `${parsed.origin}/`;
      },
      { error: 'must be an http or https URL without a path', abort: true },
    )
    .refine(isConnectable, { error: BLOCKED_PORT })
    .transform((value) => new URL(value).origin);
}

function withoutProblem(find: (text: string) => string | undefined) {
  return z.string().superRefine((text, context) => {
    const message = find(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** One certificate or several, in PEM. */
function certificates() {
  return z.string().refine((pem) => isPem(pem, 'CERTIFICATE') && readsAs(() => new X509Certificate(pem)), {
    error: 'must be certificates in PEM',
  });
}

function privateKey() {
  return z.string().refine((pem) => isPem(pem, '(\\w+ )?PRIVATE KEY') && readsAs(() => createPrivateKey(pem)), {
    error: 'must be a private key in PEM, without a passphrase',
  });
}

function isPem(text: string, label: string): boolean {
  return new RegExp(`^-----BEGIN ${label}-----`, 'm').test(text);
}

function readsAs(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

/** Proxies are reached by CONNECT over http or https; SOCKS is not supported. */
function proxyUrl() {
  return z.string().refine(
    (value) => {
      const parsed = URL.parse(value);
      return parsed !== null && /^https?:$/.test(parsed.protocol) && parsed.pathname === '/' && parsed.search === '';
    },
    { error: 'must be an http or https URL without a path' },
  );
}

function isProxyException(entry: string): boolean {
  return entry === '*' || /^(\*?\.)?(\[[\da-f:.]+\]|[\w.-]+)(:\d{1,5})?$/i.test(entry);
}

function hostAndPort() {
  return z.string().regex(/^(\[[0-9a-f:.]+\]|[^\s:/]+):\d{1,5}$/i, { error: 'must be a host, a colon and a port' });
}

function list(accepts: (entry: string) => boolean, error: string) {
  return z
    .string()
    .transform((value) => value.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every(accepts), { error });
}

function isAddressOrNetwork(entry: string): boolean {
  if (namedNetworks.includes(entry)) return true;
  const [address = '', prefix, ...rest] = entry.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}
