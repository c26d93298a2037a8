import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { type Balancer, startBalancer } from '../../chaos/network/balancer.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { prepareRuntime } from '../../database/roles/prepare-runtime.ts';
import { startNodeService } from '../../scripts/embedded/node-service.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import type { Exit } from '../../scripts/embedded/server-process.ts';
import type { RunningService } from '../../scripts/embedded/supervised-service.ts';
import { createMailroomClient, type MailroomClient } from '../../scripts/mailroom-client.ts';
import {
  DEFAULT_ADMINISTRATOR,
  DEFAULT_TENANT_ID,
  SSO_CLIENT_ID,
  SSO_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { createTestDatabase } from './test-database.ts';
import { createTestNamespace } from './test-temporal.ts';

/** An API process beside those of the stack. */
export interface ExtraApi {
  readonly url: string;
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>;
}

export interface TestStack {
  /** Speaks to the API, through the balancer where there are several. */
  readonly mailroom: MailroomClient;
  /** The same key at one of the processes. */
  mailroomAt(url: string): MailroomClient;
  readonly apiKey: string;
  /** Of each API process. */
  readonly apiUrls: readonly string[];
  /** Undefined with one API process. */
  readonly balancer: Balancer | undefined;
  readonly simulatorUrl: string;
  /** To look behind the API. */
  readonly db: Database;
  /** Every line that API and workers have logged. */
  readonly logs: readonly string[];
  /** Of its processes, for commands that belong to it. */
  readonly environment: Readonly<Record<string, string>>;
  startWorker(): Promise<void>;
  /** Ends the worker that was started first of those that run. */
  stopWorker(signal: 'SIGTERM' | 'SIGKILL'): Promise<Exit>;
  /** Ends the workers: with SIGKILL in the middle of whatever they do. */
  stopWorkers(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Starts another API that the balancer does not know, with its own settings. Resolves when it lives. */
  startApi(settings?: Readonly<Record<string, string>>): Promise<ExtraApi>;
  /** Lets the workers stand still, or go on. */
  freezeWorkers(isFrozen: boolean): void;
  /** Lets the API processes stand still, with their connections open, or go on. */
  freezeApi(isFrozen: boolean): void;
  /** Kills workers, API and simulator at once, with SIGKILL. */
  killEverything(): Promise<void>;
  /** Starts what was killed again, on the same ports and data. */
  startEverything(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A whole Mailroom in processes of its own: simulator, API and a worker, on free ports, with a database and a Temporal
 * namespace of their own. The processes connect as a role that has only their rights. Mailboxes are read every second, and a worker that died is noticed after five. `detours` lead
 * the processes, not the test itself, to PostgreSQL and Temporal through other ports of this machine. Several API
 * processes stand behind a balancer, whose address is the public one.
 */
export async function startTestStack(
  settings: Readonly<Record<string, string>> = {},
  detours: { readonly postgresPort?: number; readonly temporalPort?: number } = {},
  { apis = 1, workers: workersAtStart = 1 }: { readonly apis?: number; readonly workers?: number } = {},
): Promise<TestStack> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-stack-'));
  const [database, { address, namespace }, [publicPort, simulatorPort, ...otherPorts]] = await Promise.all([
    createTestDatabase(),
    createTestNamespace(),
    freePorts(2 + (apis > 1 ? apis : 0)),
  ]);
  const simulatorUrl = `http://localhost:${simulatorPort}`;
  const url = `http://localhost:${publicPort}`;
  const apiPorts = apis > 1 ? otherPorts : [publicPort];
  const apiUrls = apiPorts.map((port) => `http://localhost:${port}`);
  const balancer = apis > 1 ? await startBalancer(publicPort as number, apiUrls) : undefined;
  const db = openDatabase({ url: database.url, poolSize: 4, applicationName: 'test' });
  const role = `runtime_${randomBytes(6).toString('hex')}`;
  const runtimeUrl = new URL(onPort(database.url, detours.postgresPort));
  runtimeUrl.username = role;
  runtimeUrl.password = randomBytes(12).toString('hex');
  await prepareRuntime(db, runtimeUrl.href);
  const environment = {
    PUBLIC_URL: url,
    DATABASE_URL: runtimeUrl.href,
    TEMPORAL_ADDRESS: detours.temporalPort ? `127.0.0.1:${detours.temporalPort}` : address,
    TEMPORAL_NAMESPACE: namespace,
    MICROSOFT_CLOUD: 'simulator',
    SIMULATOR_URL: simulatorUrl,
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    OIDC_ISSUER: `${simulatorUrl}/${DEFAULT_TENANT_ID}/v2.0`,
    OIDC_CLIENT_ID: SSO_CLIENT_ID,
    OIDC_CLIENT_SECRET: SSO_CLIENT_SECRET,
    FIRST_ADMINISTRATOR: DEFAULT_ADMINISTRATOR,
    POLL_INTERVAL_SECONDS: '1',
    BACKSTOP_INTERVAL_SECONDS: '1',
    DRAIN_HEARTBEAT_TIMEOUT_SECONDS: '5',
    LOG_LEVEL: 'warn',
    ...settings,
  };
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', ...environment };

  const logs: string[] = [];
  const onLine = (line: string) => void logs.push(line);
  let servers: RunningService[] = [];
  let workers: RunningService[] = [];
  const extras: RunningService[] = [];
  const startApiAt = (port: number | undefined, ready: string, changed: Readonly<Record<string, string>> = {}) =>
    startNodeService({
      name: 'API',
      program: ['api/main.ts'],
      env: { ...env, API_PORT: String(port), ...changed },
      onLine,
      readyAt: { url: `http://localhost:${port}${ready}`, accept: (status) => status === 200 },
    });
  const startServers = async () => {
    const simulator = startNodeService({
      name: 'Simulator',
      program: ['simulator/main.ts', '--port', String(simulatorPort), '--data', join(folder, 'simulator.db')],
      env,
      readyAt: { url: simulatorUrl, accept: () => true },
    });
    servers = await Promise.all([simulator, ...apiPorts.map((port) => startApiAt(port, '/readyz'))]);
  };
  const startWorker = async () => {
    workers.push(await startNodeService({ name: 'Worker', program: ['worker/main.ts'], env, onLine }));
  };
  const end = async (services: readonly RunningService[], signal: 'SIGTERM' | 'SIGKILL') => {
    await Promise.all(services.map(({ process: service }) => service.stop({ signal })));
  };
  const stopWorkers = async (signal: 'SIGTERM' | 'SIGKILL') => {
    const ending = workers;
    workers = [];
    await end(ending, signal);
  };
  const startEverything = async () => {
    await Promise.all([startServers(), ...Array.from({ length: workersAtStart }, startWorker)]);
  };
  await startEverything();

  const key = createApiKey();
  const keyHash = createHash('sha256').update(key).digest();
  await addApiKey(db, 'cli', { name: 'test', profile: 'Admin', keyHash, hint: key.slice(-4) });

  return {
    mailroom: createMailroomClient(url, key),
    mailroomAt: (at) => createMailroomClient(at, key),
    apiKey: key,
    apiUrls,
    balancer,
    simulatorUrl,
    db,
    logs,
    environment: env,
    startWorker,
    async stopWorker(signal) {
      const worker = workers.shift();
      if (worker === undefined) throw new Error('No worker runs');
      return await worker.process.stop({ signal });
    },
    stopWorkers,
    async startApi(changed) {
      const [port] = await freePorts(1);
      const extra = await startApiAt(port, '/healthz', changed);
      extras.push(extra);
      return { url: `http://localhost:${port}`, stop: (signal) => extra.process.stop({ signal }) };
    },
    freezeWorkers(isFrozen) {
      for (const { process: service } of workers) process.kill(service.pid, isFrozen ? 'SIGSTOP' : 'SIGCONT');
    },
    freezeApi(isFrozen) {
      for (const { process: service } of servers.slice(1)) {
        process.kill(service.pid, isFrozen ? 'SIGSTOP' : 'SIGCONT');
      }
    },
    async killEverything() {
      await Promise.all([stopWorkers('SIGKILL'), end(servers, 'SIGKILL')]);
    },
    startEverything,
    async stop() {
      await stopWorkers('SIGTERM');
      await end([...servers, ...extras], 'SIGTERM');
      await balancer?.close();
      await sql`drop owned by ${sql.id(role)}`.execute(db);
      await sql`drop role ${sql.id(role)}`.execute(db);
      await db.destroy();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function onPort(url: string, port: number | undefined): string {
  if (port === undefined) return url;
  const detour = new URL(url);
  detour.hostname = '127.0.0.1';
  detour.port = String(port);
  return detour.href;
}
