import { rmSync } from 'node:fs';
import { ConfigProblem } from '../../config/config-problem.ts';
import { type Config, readConfig, type TemporalConfig } from '../../config/environment.ts';
import { migrateToLatest } from '../../database/migrate.ts';
import { SSO_CLIENT_ID } from '../../simulator/entra/default-directory.ts';
import { buildWebWhenOld } from './build-web.ts';
import { clusterVersion, createPostgresCluster } from './postgres-cluster.ts';
import { createProcessRecord } from './process-record.ts';
import type { Progress } from './progress.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { exampleQueues, seedExample } from './seed-example.ts';
import { buildStackEnvironment, type StackEnvironment, writeStackEnvironment } from './stack-environment.ts';
import { type StackFolder, shownPath } from './stack-folder.ts';
import { checkPortsAreFree, type StackPorts } from './stack-ports.ts';
import { ensureStackSecrets } from './stack-secrets.ts';
import { createStackServices } from './stack-services.ts';
import { messageOf, StartProblem } from './start-problem.ts';

export interface StackOptions {
  readonly folder: StackFolder;
  readonly ports: StackPorts;
  /** The environment of the command. */
  readonly given: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** Shows every line of every process instead of errors only. */
  readonly verbose: boolean;
  /** Called when a service does not stay up. */
  readonly onGivenUp: (problem: StartProblem) => void;
}

export interface Stack {
  /** Starts everything; rejects with StartProblem. Processes that already run stay until `stop`. */
  start(): Promise<StackEnvironment>;
  /** Whether there is anything to end. */
  hasProcesses(): boolean;
  /** Ends everything in order, within ten seconds. May be called at any time. */
  stop(): Promise<void>;
}

const POSTGRES_VERSION = '18';
const DATABASE = 'mailroom';

/** Grace periods in milliseconds. In sum below ten seconds, after which people lose patience. */
const graceMs = { worker: 5_500, api: 1_000, servers: 3_000 };

/**
 * All of Mailroom on one machine: PostgreSQL, Temporal, the simulator, the API and one worker, each a supervised
 * process. External services (DATABASE_URL, TEMPORAL_ADDRESS, another MICROSOFT_CLOUD) are used, not started.
 */
export function createStack({ folder, ports, given, progress: shown, verbose, onGivenUp }: StackOptions): Stack {
  const record = createProcessRecord(folder.processes);
  const secrets = ensureStackSecrets(folder.secrets);
  let stopping = false;

  const cluster = {
    dataFolder: folder.postgres,
    port: ports.postgres,
    user: DATABASE,
    password: secrets.postgresPassword,
  };
  const environment = buildStackEnvironment({
    given,
    ports,
    databaseUrl: `postgres://${DATABASE}:${secrets.postgresPassword}@127.0.0.1:${ports.postgres}/${DATABASE}`,
    temporalAddress: `127.0.0.1:${ports.temporal}`,
    encryptionKeys: secrets.encryptionKeys,
  });
  /** Warnings during the shutdown are expected, and not shown. */
  const progress: Progress = { ...shown, warn: (line) => stopping || shown.warn(line) };
  const { postgres, temporal, simulator, api, worker } = createStackServices({
    folder,
    ports,
    // Without MICROSOFT_CLOUD, this is a demonstration: development mode, even if the machine sets another NODE_ENV.
    env: { ...given, ...environment, ...(given.MICROSOFT_CLOUD ? {} : { NODE_ENV: 'development' }) },
    cluster,
    database: DATABASE,
    progress,
    verbose,
    onGivenUp,
    onSpawn: (process, stopSignal) => {
      record.add(process, stopSignal);
      // Spawned just when everything else was ended.
      if (stopping) process.kill('SIGKILL');
    },
  });
  const own = {
    postgres: !(given.DATABASE_URL || given.DATABASE_URL_FILE),
    temporal: !given.TEMPORAL_ADDRESS,
    simulator: environment.MICROSOFT_CLOUD === 'simulator' && !given.SIMULATOR_URL,
  };

  const startDatabase = async (url: string) => {
    if (own.postgres) {
      const start = async () => {
        const created = await createPostgresCluster(cluster);
        checkVersion(folder);
        await postgres.start();
        return created;
      };
      const describe = (created: boolean) =>
        `PostgreSQL ${POSTGRES_VERSION} ready on ${ports.postgres}${created ? ', data created' : ''}`;
      await progress.step(start, describe);
    }
    await progress.step(
      () => migrate(url),
      (applied) => (applied.length > 0 ? `Schema brought up to date: ${applied.join(', ')}` : 'Schema is up to date'),
    );
    // Installations with real mailboxes get no example queues and users.
    if (environment.MICROSOFT_CLOUD === 'simulator' && (await seedExample(url))) {
      const names = exampleQueues.map(({ name }) => name).join(' and ');
      progress.done(`Example: the queues ${names}, a user of each security profile`);
    }
  };
  const startTemporal = async () => {
    if (own.temporal) {
      await progress.step(
        temporal.start,
        () => `Temporal ready on ${ports.temporal}, its pages on ${ports.temporalUi}`,
      );
    } else {
      const address = environment.TEMPORAL_ADDRESS ?? '';
      await progress.step(
        () => useTemporal(readConfig(environment).temporal),
        () => `Temporal at ${address} answers`,
      );
    }
  };
  const startSimulator = async () => {
    if (!own.simulator) return;
    await progress.step(simulator.start, () => `Simulator ready on ${ports.simulator}`);
    await nameSignOnAddress(`http://127.0.0.1:${ports.simulator}`, environment.PUBLIC_URL ?? '');
  };

  const buildPages = async () => {
    await progress.step(buildWebWhenOld, (built) => (built ? 'Pages built' : 'Pages are up to date'));
  };

  return {
    async start() {
      // The file of the last start may name other ports: scripts that wait for this stack must not find it.
      rmSync(folder.environment, { force: true });
      const config = readConfiguration(environment);
      await checkPortsAreFree(ports, [
        'api',
        ...(own.simulator ? (['simulator'] as const) : []),
        ...(own.temporal ? (['temporal', 'temporalUi'] as const) : []),
        ...(own.postgres ? (['postgres'] as const) : []),
      ]);
      await Promise.all([startDatabase(config.database.url), startTemporal(), startSimulator(), buildPages()]);
      await Promise.all([
        progress.step(worker.start, () => 'Worker ready'),
        progress.step(api.start, () => `API ready on ${ports.api}`),
      ]);
      writeStackEnvironment(folder, environment);
      return environment;
    },
    hasProcesses: () => record.running().length > 0,
    async stop() {
      stopping = true;
      await worker.stop(graceMs.worker);
      await Promise.all([api.stop(graceMs.api), simulator.stop(graceMs.api)]);
      await Promise.all([temporal.stop(graceMs.servers), postgres.stop(graceMs.servers)]);
      // Processes that were still starting.
      await Promise.all(record.running().map((process) => process.stop({ signal: 'SIGINT', graceMs: graceMs.api })));
    },
  };
}

/**
 * Checks the configuration before anything starts; otherwise each process would report the same problems in its log.
 */
function readConfiguration(environment: StackEnvironment): Config {
  try {
    return readConfig(environment);
  } catch (error) {
    throw error instanceof ConfigProblem ? new StartProblem(error.message, { cause: error }) : error;
  }
}

function checkVersion(folder: StackFolder): void {
  const version = clusterVersion(folder.postgres);
  if (version === POSTGRES_VERSION) return;
  throw new StartProblem(
    `The data in ${shownPath(folder.postgres)} are of PostgreSQL ${version}, and this is ${POSTGRES_VERSION}. ` +
      'Use the version of Mailroom that wrote them, or `npm run reset` to wipe them.',
  );
}

async function migrate(databaseUrl: string): Promise<readonly string[]> {
  try {
    return await migrateToLatest(databaseUrl);
  } catch (error) {
    throw new StartProblem(`The database's schema cannot be brought up to date: ${messageOf(error)}`, { cause: error });
  }
}

/** Sets the address behind Mailroom's tile on the simulated dashboard of apps; it depends on the API's port. */
async function nameSignOnAddress(simulatorUrl: string, publicUrl: string): Promise<void> {
  await fetch(`${simulatorUrl}/control/apps/${SSO_CLIENT_ID}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ initiateLoginUri: `${publicUrl}/auth/initiate` }),
  });
}

async function useTemporal(temporal: TemporalConfig): Promise<void> {
  try {
    await ensureSearchAttributes(temporal);
  } catch (error) {
    throw new StartProblem(
      `Temporal at ${temporal.address} (TEMPORAL_ADDRESS) cannot be used: ${messageOf(error)}. ` +
        'Without that variable, one is started here.',
      { cause: error },
    );
  }
}
