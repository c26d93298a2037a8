import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { GENERAL_QUEUE } from '../../database/accounts/account-additions.ts';
import { saveSettings } from '../../database/accounts/settings.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { migrateToLatest } from '../../database/migrate.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { createKeyRing, type KeyRing } from '../../encryption/key-ring.ts';
import type { EntraSettings } from '../../graph/entra/entra-settings.ts';
import { startNodeService } from '../../scripts/embedded/node-service.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { createPostgresCluster } from '../../scripts/embedded/postgres-cluster.ts';
import { ensureDatabase, startPostgres } from '../../scripts/embedded/postgres-server.ts';
import type { ServerProcess } from '../../scripts/embedded/server-process.ts';
import { startTemporal } from '../../scripts/embedded/temporal-server.ts';
import {
  DEFAULT_TENANT_ID,
  MAILROOM_CLIENT_ID,
  MAILROOM_CLIENT_SECRET,
} from '../../simulator/entra/default-directory.ts';
import { openTemporalClient } from '../../temporal/client.ts';
import { createMailboxes, type Mailboxes } from '../../temporal/mailboxes.ts';
import { createSimulatorControl, type SimulatorControl } from './simulator-control.ts';

/** The programs of a stack; costs are reported for each. */
export const parts = ['api', 'worker', 'temporal', 'postgres', 'simulator'] as const;
export type Part = (typeof parts)[number];

/** All of Mailroom in separate processes, durable as on a server, empty, with the settings entered and one queue. */
export interface BenchStack {
  /** For files that last as long as the stack. */
  readonly folder: string;
  readonly db: Database;
  readonly keys: KeyRing;
  readonly temporal: Client;
  readonly mailboxes: Mailboxes;
  readonly simulator: SimulatorControl;
  readonly settings: EntraSettings;
  readonly queueId: string;
  readonly databaseUrl: string;
  readonly apiUrl: string;
  /** An administrator's key. */
  readonly apiKey: string;
  /** The running processes of a part; there may be several workers. */
  processesOf(part: Part): readonly ServerProcess[];
  startWorker(): Promise<void>;
  stopWorkers(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Ends everything and removes its data. May be called at any time, even during the start. */
  stop(): Promise<void>;
}

export interface BenchStackOptions {
  /** Environment variables of Mailroom, for its processes. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called with `stop` before anything runs, so that an interrupted start can be cleaned up. */
  readonly onStart: (stop: () => Promise<void>) => void;
  /** Folder for CPU profiles of the Node processes, written when they end. */
  readonly profiles?: string | undefined;
}

const SETTINGS: EntraSettings = {
  tenantId: DEFAULT_TENANT_ID,
  clientId: MAILROOM_CLIENT_ID,
  clientSecret: MAILROOM_CLIENT_SECRET,
};
const DATABASE = 'mailroom';
/** A worker in a drain and a Node process that writes its profile may take some seconds. */
const STOP_GRACE_MS = 15_000;

export async function startBenchStack({ settings = {}, onStart, profiles }: BenchStackOptions): Promise<BenchStack> {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-bench-'));
  const running = new Map<ServerProcess, Part>();
  const closing: (() => Promise<unknown>)[] = [];
  let stopping: Promise<void> | undefined;

  /** Programs end before the ones that they depend on. */
  const stop = () => {
    stopping ??= (async () => {
      for (const some of [['worker'], ['api', 'simulator'], ['temporal', 'postgres']] as const) {
        await Promise.all(some.flatMap(processesOf).map((each) => each.stop(stopOptions(each))));
      }
      await Promise.all(closing.map((close) => close()));
      rmSync(folder, { recursive: true, force: true });
    })();
    return stopping;
  };
  onStart(stop);
  const processesOf = (part: Part) => [...running].filter(([, of]) => of === part).map(([each]) => each);
  const stopOptions = (each: ServerProcess) => ({
    signal: running.get(each) === 'postgres' ? ('SIGINT' as const) : ('SIGTERM' as const),
    graceMs: STOP_GRACE_MS,
  });
  const wiring = (part: Part) => ({
    logFile: join(folder, `${part}.log`),
    onSpawn: (spawned: ServerProcess) => {
      running.set(spawned, part);
      void spawned.exited.then(() => running.delete(spawned));
      if (stopping) spawned.kill('SIGKILL');
    },
  });

  const [apiPort = 0, simulatorPort = 0, postgresPort = 0, temporalPort = 0] = await freePorts(4);
  const cluster = {
    dataFolder: join(folder, 'postgres'),
    port: postgresPort,
    user: DATABASE,
    password: randomBytes(16).toString('hex'),
  };
  const databaseUrl = `postgres://${DATABASE}:${cluster.password}@127.0.0.1:${postgresPort}/${DATABASE}`;
  const encryptionKey = randomBytes(32);
  const simulatorUrl = `http://localhost:${simulatorPort}`;
  const apiUrl = `http://localhost:${apiPort}`;
  const temporalAddress = `127.0.0.1:${temporalPort}`;
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    NODE_OPTIONS: profiles === undefined ? '' : `--cpu-prof --cpu-prof-dir=${profiles}`,
    API_PORT: String(apiPort),
    PUBLIC_URL: apiUrl,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    MICROSOFT_CLOUD: 'simulator',
    SIMULATOR_URL: simulatorUrl,
    ENCRYPTION_KEYS: `bench:${encryptionKey.toString('base64')}`,
    LOG_LEVEL: 'warn',
    ...settings,
  };

  const startWorker = async () => {
    await startNodeService({ name: 'Worker', program: ['worker/main.ts'], env, ...wiring('worker') });
  };
  const startDatabase = async () => {
    await createPostgresCluster(cluster);
    const postgres = await startPostgres({ ...cluster, ...wiring('postgres') });
    await ensureDatabase(postgres.urlOf('postgres'), DATABASE);
    await migrateToLatest(databaseUrl);
  };
  const startTemporalServer = () =>
    startTemporal({ port: temporalPort, databaseFile: join(folder, 'temporal.db'), ...wiring('temporal') });
  const startSimulator = () =>
    startNodeService({
      name: 'Simulator',
      program: ['simulator/main.ts', '--port', String(simulatorPort), '--data', join(folder, 'simulator.db')],
      env,
      readyAt: { url: simulatorUrl, accept: () => true },
      ...wiring('simulator'),
    });
  const startApi = () =>
    startNodeService({
      name: 'API',
      program: ['api/main.ts'],
      env,
      readyAt: { url: `${apiUrl}/readyz`, accept: (status) => status === 200 },
      ...wiring('api'),
    });

  await Promise.all([startDatabase(), startTemporalServer(), startSimulator()]);
  const keys = createKeyRing([{ id: 'bench', key: createSecretKey(encryptionKey) }]);
  const db = openDatabase({ url: databaseUrl, poolSize: 10, applicationName: 'mailroom-bench' });
  const temporal = openTemporalClient({ address: temporalAddress, namespace: 'default', keys });
  closing.push(
    () => db.destroy(),
    () => temporal.connection.close(),
  );
  await saveSettings(db, keys, 'cli', { ...SETTINGS });
  const { id: queueId } = await db
    .insertInto('queues')
    .values({ name: GENERAL_QUEUE })
    .returning('id')
    .executeTakeFirstOrThrow();
  const apiKey = createApiKey();
  const keyHash = createHash('sha256').update(apiKey).digest();
  await addApiKey(db, 'cli', { name: 'benchmark', profile: 'Admin', keyHash, hint: apiKey.slice(-4) });
  await Promise.all([startApi(), startWorker()]);

  return {
    folder,
    db,
    keys,
    temporal,
    mailboxes: createMailboxes(temporal),
    simulator: createSimulatorControl(simulatorUrl),
    settings: SETTINGS,
    queueId,
    databaseUrl,
    apiUrl,
    apiKey,
    processesOf,
    startWorker,
    async stopWorkers(signal) {
      await Promise.all(processesOf('worker').map((each) => each.stop({ signal, graceMs: STOP_GRACE_MS })));
    },
    stop,
  };
}
