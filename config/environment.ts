import { type ClientCertificate, matchCertificate, normaliseKey } from '../encryption/client-certificate.ts';
import { type AuditStreamConfig, auditStream, auditStreamProblem } from './audit-stream.ts';
import { clientCertificateOf, clientCertificateProblem, signOnKeyProblem } from './client-certificates.ts';
import { ConfigProblem, type VariableProblem } from './config-problem.ts';
import type { ConfiguredKey } from './encryption-keys.ts';
import { isLoopback } from './loopback.ts';
import { reachableUrl } from './reachable-url.ts';
import { readSecretFile } from './secret-file.ts';
import { type TemporalTls, temporalTls, temporalTlsProblem } from './temporal-tls.ts';
import {
  type CodecAccess,
  type LogLevel,
  type MicrosoftCloud,
  type ValueOf,
  type Variable,
  type VariableName,
  variables,
} from './variables.ts';

/** Names and texts of variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The complete configuration of a process. Deeply frozen. */
export interface Config {
  readonly api: {
    readonly host: string;
    readonly port: number;
    /** Scheme, host and port at which browsers reach Mailroom; no final slash. */
    readonly publicUrl: string;
    /** Scheme, host and port at which Microsoft reaches the API; undefined: it cannot. */
    readonly notificationUrl: string | undefined;
    /** Trusted proxies, by address or network; undefined: none. */
    readonly trustProxy: readonly string[] | undefined;
    readonly codecAccess: CodecAccess;
    /** E-mail address, in lower case. */
    readonly firstAdministrator: string | undefined;
  };
  readonly database: { readonly url: string; readonly poolSize: number };
  readonly temporal: TemporalConfig;
  readonly microsoft: MicrosoftConfig & {
    /** Instead of a client secret, where an administrator chose it; undefined: there are no files. */
    readonly certificate: ClientCertificate | undefined;
  };
  /** Undefined: SSO is off, and only API keys work. */
  readonly oidc: OidcConfig | undefined;
  /** The first key encrypts, all of them decrypt. */
  readonly encryption: { readonly keys: readonly [ConfiguredKey, ...ConfiguredKey[]] };
  readonly worker: {
    readonly pollIntervalMs: number;
    readonly backstopIntervalMs: number;
    readonly maxConcurrentPolls: number;
    readonly readerShares: number;
    readonly deltaPageSize: number;
    readonly drainHeartbeatTimeoutMs: number;
    readonly maxConcurrentActivities: number;
    readonly maxCachedWorkflows: number;
    /** Undefined: the worker does not listen. */
    readonly healthPort: number | undefined;
  };
  /** Attachments, and mail as files, that people open. */
  readonly content: {
    /** Undefined: there is no scanner. */
    readonly clamav: { readonly host: string; readonly port: number } | undefined;
    /** What was not scanned is withheld. */
    readonly scanRequired: boolean;
    readonly cacheBytes: number;
    readonly keptMs: number;
  };
  readonly audit: {
    readonly keptDays: number;
    /** Undefined: the trail is not streamed. */
    readonly stream: AuditStreamConfig | undefined;
  };
  /** How Microsoft and the OpenID provider are reached. */
  readonly proxy: OutboundProxy;
  readonly log: { readonly level: LogLevel };
}

export interface TemporalConfig {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  /** Undefined: a plain connection. */
  readonly tls: TemporalTls | undefined;
  readonly apiKey: string | undefined;
}

/** Proxies by the scheme of the requested URL; undefined: none. */
export interface OutboundProxy {
  readonly https: string | undefined;
  readonly http: string | undefined;
  /** Hosts that are reached without a proxy. */
  readonly exceptions: readonly string[];
}

export type MicrosoftConfig =
  | { readonly cloud: 'simulator'; readonly simulatorUrl: string }
  | { readonly cloud: Exclude<MicrosoftCloud, 'simulator'> };

export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  /** One of these two. */
  readonly clientSecret?: string | undefined;
  readonly clientKey?: OidcClientKey | undefined;
}

/** A private key by which the client proves itself. */
export interface OidcClientKey {
  /** PEM, PKCS#8. */
  readonly privateKey: string;
  /** PEM; undefined: the provider knows the key alone. */
  readonly certificate: string | undefined;
  /** Undefined: its thumbprint. */
  readonly keyId: string | undefined;
}

/**
 * Reads, checks and freezes the environment. A variable that is empty, or names an empty file, counts as not set.
 * Throws ConfigProblem, which lists all problems at once.
 */
export function readConfig(env: Environment = process.env): Config {
  const problems: VariableProblem[] = [];
  const values = readVariables(env, problems);
  checkTogether(values, problems);
  checkSimulator(values, env, problems);
  if (problems.length > 0) throw new ConfigProblem(problems);
  return deepFreeze(assemble(values as CompleteValues));
}

type Values = { [Name in VariableName]?: ValueOf<Name> };
/** The values after the checks: required variables and those with a default are present. */
type CompleteValues = { [Name in PresentName]: ValueOf<Name> } & {
  [Name in Exclude<VariableName, PresentName>]: ValueOf<Name> | undefined;
};
type PresentName = {
  [Name in VariableName]: (typeof variables)[Name] extends { default: string } | { required: true } ? Name : never;
}[VariableName];

function readVariables(env: Environment, problems: VariableProblem[]): Values {
  const values: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries<Variable<unknown>>(variables)) {
    const complain = (problem: string, of = name) =>
      problems.push({ variable: of, problem, example: variable.example });
    const text = textOf(name, variable, env, complain);
    if (text === undefined) continue;
    const parsed = variable.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else
      for (const { message } of parsed.error.issues)
        complain(variable.secret || variable.file ? message : `is "${text}": ${message}`);
  }
  return values;
}

/** Other programs read the proxy variables in lower case, so both forms count, the lower one first as usual. */
function given(name: string, env: Environment): string | undefined {
  return name.endsWith('_PROXY') && name !== 'TRUST_PROXY' ? env[name.toLowerCase()] || env[name] : env[name];
}

/** The text of a variable: set directly, else by NAME_FILE, else its default. Undefined when there is none. */
function textOf(
  name: string,
  variable: Variable<unknown>,
  env: Environment,
  complain: (problem: string, of?: string) => void,
): string | undefined {
  const direct = given(name, env)?.trim() || (variable.formerly && env[variable.formerly]?.trim()) || undefined;
  const path = variable.secret || variable.file ? env[`${name}_FILE`] || undefined : undefined;
  if (direct !== undefined && path !== undefined) {
    complain(`and ${name}_FILE are both set: use one of them`);
    return undefined;
  }
  if (path === undefined) {
    if (direct === undefined && variable.required) complain(`is missing. ${variable.meaning}`.replace(/\.$/, ''));
    return direct ?? variable.default;
  }
  try {
    const content = readSecretFile(path).trim();
    if (content === '' && variable.required) complain('names an empty file', `${name}_FILE`);
    return content || undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    complain(`names a file that cannot be read (${code})`, `${name}_FILE`);
    return undefined;
  }
}

/** Problems that only show across variables. */
function checkTogether(values: Values, problems: VariableProblem[]): void {
  const proof = values.OIDC_CLIENT_KEY === undefined ? 'OIDC_CLIENT_SECRET' : 'OIDC_CLIENT_KEY';
  const oidc = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', proof] as const;
  const given = oidc.filter((name) => values[name] !== undefined);
  const complained = (name: VariableName) => problems.some(({ variable }) => variable.replace(/_FILE$/, '') === name);
  for (const name of oidc) {
    if (given.length === 0 || given.includes(name) || complained(name)) continue;
    problems.push({
      variable: name,
      problem: `is missing although ${given.join(' and ')} ${given.length === 1 ? 'is' : 'are'} set`,
      example: variables[name].example,
    });
  }
  for (const found of [
    temporalTlsProblem(values),
    auditStreamProblem(values),
    clientCertificateProblem(values),
    signOnKeyProblem(values),
  ]) {
    if (found && !complained(found.variable)) problems.push({ ...found, example: variables[found.variable].example });
  }
  const publicUrl = values.PUBLIC_URL === undefined ? undefined : new URL(values.PUBLIC_URL);
  const cloud = values.MICROSOFT_CLOUD;
  if (
    cloud !== undefined &&
    cloud !== 'simulator' &&
    publicUrl?.protocol === 'http:' &&
    publicUrl.hostname !== 'localhost'
  ) {
    problems.push({
      variable: 'PUBLIC_URL',
      problem: 'must begin with https: Microsoft accepts http only for localhost in redirect URIs',
      example: variables.PUBLIC_URL.example,
    });
  }
}

/**
 * The simulator accepts any sign-in. It is allowed on this machine only, and not in a setup that looks like a
 * production installation.
 */
function checkSimulator(values: Values, env: Environment, problems: VariableProblem[]): void {
  if (values.MICROSOFT_CLOUD !== 'simulator') return;
  const outside = (['SIMULATOR_URL', 'PUBLIC_URL'] as const).find((name) => {
    const url = values[name];
    return url !== undefined && !isLoopback(new URL(url).hostname);
  });
  const because =
    env.NODE_ENV === 'production'
      ? 'NODE_ENV is "production"'
      : outside !== undefined && `${outside} leads beyond this machine`;
  if (because === false) return;
  const { example } = variables.MICROSOFT_CLOUD;
  const problem = `is "simulator", which lets everybody sign in as anybody, although ${because}`;
  problems.push({ variable: 'MICROSOFT_CLOUD', problem, example });
}

/** What the migration needs: the URL by which it migrates, and that of the processes, if they have one. Throws ConfigProblem. */
export function readMigrationConfig(env: Environment = process.env): {
  readonly url: string;
  readonly runtimeUrl: string | undefined;
} {
  const problems: VariableProblem[] = [];
  const { DATABASE_URL, DATABASE_URL_FILE, RUNTIME_DATABASE_URL, RUNTIME_DATABASE_URL_FILE } = env;
  const given = { DATABASE_URL, DATABASE_URL_FILE, RUNTIME_DATABASE_URL, RUNTIME_DATABASE_URL_FILE };
  const values = readVariables(given, problems);
  const ours = problems.filter(({ variable }) => /^(RUNTIME_)?DATABASE_URL/.test(variable));
  if (values.DATABASE_URL === undefined || ours.length > 0) throw new ConfigProblem(ours);
  return { url: values.DATABASE_URL, runtimeUrl: values.RUNTIME_DATABASE_URL };
}

/** The database URL alone, for commands. Throws ConfigProblem. */
export function readDatabaseUrl({ DATABASE_URL, DATABASE_URL_FILE }: Environment = process.env): string {
  return readMigrationConfig({ DATABASE_URL, DATABASE_URL_FILE }).url;
}

/** The encryption keys alone, for commands. Throws ConfigProblem. */
export function readEncryptionKeys(env: Environment = process.env): readonly ConfiguredKey[] {
  const problems: VariableProblem[] = [];
  const { ENCRYPTION_KEYS: keys } = readVariables(
    { ENCRYPTION_KEYS: env.ENCRYPTION_KEYS, ENCRYPTION_KEYS_FILE: env.ENCRYPTION_KEYS_FILE },
    problems,
  );
  const ours = problems.filter(({ variable }) => variable.startsWith('ENCRYPTION_KEYS'));
  if (keys === undefined || ours.length > 0) throw new ConfigProblem(ours);
  return keys;
}

/**
 * Where commands find the API, and their key: MAILROOM_URL, and MAILROOM_API_KEY or MAILROOM_API_KEY_FILE. Throws an
 * Error in words.
 */
export function readApiAccess(env: Environment = process.env): { readonly url: string; readonly key: string } {
  const url = env.MAILROOM_URL ?? '';
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new Error('Set MAILROOM_URL to the address of Mailroom, such as https://mailroom.contoso.example.');
  }
  const file = env.MAILROOM_API_KEY_FILE;
  const key = (env.MAILROOM_API_KEY || (file && readKeyFile(file)) || '').trim();
  if (/^[\x21-\x7e]+$/.test(key)) return { url, key };
  throw new Error(
    'Set MAILROOM_API_KEY to an API key, or MAILROOM_API_KEY_FILE to the path of a file with one. `api-key create` makes one.',
  );
}

function readKeyFile(path: string): string {
  try {
    return readSecretFile(path);
  } catch {
    throw new Error(`MAILROOM_API_KEY_FILE: the file ${path} cannot be read.`);
  }
}

function assemble(values: CompleteValues): Config {
  const [currentKey, ...olderKeys] = values.ENCRYPTION_KEYS;
  if (currentKey === undefined) throw new TypeError('ENCRYPTION_KEYS was accepted without any key');
  return {
    api: {
      host: values.API_HOST,
      port: values.API_PORT,
      publicUrl: values.PUBLIC_URL,
      notificationUrl: reachableUrl(values.NOTIFICATION_URL ?? values.PUBLIC_URL, values.MICROSOFT_CLOUD),
      trustProxy: values.TRUST_PROXY,
      codecAccess: values.CODEC_ACCESS,
      firstAdministrator: values.FIRST_ADMINISTRATOR,
    },
    database: { url: values.DATABASE_URL, poolSize: values.DATABASE_POOL_SIZE },
    temporal: {
      address: values.TEMPORAL_ADDRESS,
      namespace: values.TEMPORAL_NAMESPACE,
      uiUrl: values.TEMPORAL_UI_URL.replace(/\/$/, ''),
      tls: temporalTls(values),
      apiKey: values.TEMPORAL_API_KEY,
    },
    microsoft: {
      ...(values.MICROSOFT_CLOUD === 'simulator'
        ? ({ cloud: 'simulator', simulatorUrl: values.SIMULATOR_URL } as const)
        : { cloud: values.MICROSOFT_CLOUD }),
      certificate: clientCertificateOf(values.MICROSOFT_CERTIFICATE, values.MICROSOFT_CERTIFICATE_KEY),
    },
    oidc: oidcOf(values),
    encryption: { keys: [currentKey, ...olderKeys] },
    worker: {
      pollIntervalMs: values.POLL_INTERVAL_SECONDS * 1_000,
      backstopIntervalMs: values.BACKSTOP_INTERVAL_SECONDS * 1_000,
      maxConcurrentPolls: values.WORKER_MAX_CONCURRENT_POLLS,
      readerShares: values.READER_SHARES,
      deltaPageSize: values.DELTA_PAGE_SIZE,
      drainHeartbeatTimeoutMs: values.DRAIN_HEARTBEAT_TIMEOUT_SECONDS * 1_000,
      maxConcurrentActivities: values.WORKER_MAX_CONCURRENT_ACTIVITIES,
      maxCachedWorkflows: values.WORKER_MAX_CACHED_WORKFLOWS,
      healthPort: values.WORKER_HEALTH_PORT,
    },
    content: {
      clamav: hostOf(values.CLAMAV_URL),
      scanRequired: values.SCAN_REQUIRED === 'true',
      cacheBytes: values.CONTENT_CACHE_MEGABYTES * 1024 * 1024,
      keptMs: values.CONTENT_KEPT_HOURS * 3_600_000,
    },
    audit: { keptDays: values.AUDIT_DAYS, stream: auditStream(values) },
    proxy: { https: values.HTTPS_PROXY, http: values.HTTP_PROXY, exceptions: values.NO_PROXY ?? [] },
    log: { level: values.LOG_LEVEL },
  };
}

function oidcOf(values: CompleteValues): OidcConfig | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = values;
  const { OIDC_CLIENT_KEY: key, OIDC_CLIENT_CERTIFICATE: certificates, OIDC_CLIENT_KEY_ID: keyId } = values;
  if (issuer === undefined || clientId === undefined) return undefined;
  if (key === undefined) return clientSecret === undefined ? undefined : { issuer, clientId, clientSecret };
  const certificate = certificates && matchCertificate(certificates, key)?.certificate;
  return { issuer, clientId, clientKey: { privateKey: normaliseKey(key), certificate, keyId } };
}

function hostOf(address: string | undefined): { readonly host: string; readonly port: number } | undefined {
  if (address === undefined) return undefined;
  const { hostname, port } = new URL(address);
  return { host: hostname.replaceAll(/[[\]]/g, ''), port: Number(port) };
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}
