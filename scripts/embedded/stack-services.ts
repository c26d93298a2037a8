import { rotateLog } from './log-files.ts';
import { loudLines } from './loud-lines.ts';
import { startNodeService } from './node-service.ts';
import type { ClusterOptions } from './postgres-cluster.ts';
import { ensureDatabase, startPostgres } from './postgres-server.ts';
import { environmentOf } from './process-environment.ts';
import type { Progress } from './progress.ts';
import type { ServerProcess } from './server-process.ts';
import { type StackFolder, shownPath } from './stack-folder.ts';
import type { StackPorts } from './stack-ports.ts';
import type { StartProblem } from './start-problem.ts';
import { type RunningService, type SupervisedService, superviseService } from './supervised-service.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { startTemporal } from './temporal-server.ts';

export interface StackServicesOptions {
  readonly folder: StackFolder;
  readonly ports: StackPorts;
  /** The environment of the processes. */
  readonly env: NodeJS.ProcessEnv;
  readonly cluster: ClusterOptions & { readonly port: number };
  /** The database that exists once PostgreSQL is ready. */
  readonly database: string;
  readonly progress: Progress;
  /** Shows every line of every process instead of errors only. */
  readonly verbose: boolean;
  /** Called with each process as soon as it runs, and with the signal that ends it. */
  readonly onSpawn: (process: ServerProcess, stopSignal: NodeJS.Signals) => void;
  /** Called when a service does not stay up. */
  readonly onGivenUp: (problem: StartProblem) => void;
}

export interface StackServices {
  readonly postgres: SupervisedService;
  readonly temporal: SupervisedService;
  readonly simulator: SupervisedService;
  readonly api: SupervisedService;
  readonly worker: SupervisedService;
}

const WIPE = ' If its data are beyond repair, `npm run reset` wipes all of Mailroom for a new start.';

/** The five processes of a stack: how each is started, where it logs, and what to do when it does not start. */
export function createStackServices(options: StackServicesOptions): StackServices {
  const { folder, ports, env, cluster, database, progress } = options;

  /** Log file, output and spawn callback of a process. */
  const wiring = (name: string, stopSignal: NodeJS.Signals = 'SIGTERM') => ({
    logFile: folder.logOf(name),
    onLine: options.verbose
      ? (line: string) => progress.tell(`${name}: ${line}`)
      : loudLines((line) => progress.warn(`${name}: ${line} (${shownPath(folder.logOf(name))})`)),
    onSpawn: (process: ServerProcess) => options.onSpawn(process, stopSignal),
  });
  const supervise = (name: string, start: () => Promise<RunningService>, advice = ''): SupervisedService => {
    rotateLog(folder.logOf(name));
    return superviseService({
      name,
      start,
      advice: `Its log: ${shownPath(folder.logOf(name))}.${advice}`,
      progress,
      onGivenUp: options.onGivenUp,
    });
  };

  const startDatabase = async () => {
    const server = await startPostgres({ ...cluster, ...wiring('PostgreSQL', 'SIGINT') });
    try {
      await ensureDatabase(server.urlOf('postgres'), database);
    } catch (error) {
      await server.stop(0);
      throw error;
    }
    return server;
  };
  const startTemporalServer = async () =>
    await startTemporal({
      binary: await findTemporalBinary(progress.tell),
      port: ports.temporal,
      namespace: env.TEMPORAL_NAMESPACE ?? 'default',
      uiPort: ports.temporalUi,
      databaseFile: folder.temporalDatabase,
      codecEndpoint: `${env.PUBLIC_URL}/temporal/codec`,
      ...wiring('Temporal'),
    });
  const startSimulator = () =>
    startNodeService({
      name: 'Simulator',
      program: ['simulator/main.ts', '--port', String(ports.simulator), '--data', folder.simulatorDatabase],
      env: environmentOf('other', env),
      readyAt: { url: `http://127.0.0.1:${ports.simulator}/`, accept: () => true },
      ...wiring('Simulator'),
    });
  const startApi = () =>
    startNodeService({
      name: 'API',
      program: ['api/main.ts'],
      env: environmentOf('api', env),
      readyAt: { url: `http://127.0.0.1:${ports.api}/readyz`, accept: (status) => status === 200 },
      ...wiring('API'),
    });
  const startWorker = () =>
    startNodeService({
      name: 'Worker',
      program: ['worker/main.ts'],
      env: environmentOf('worker', env),
      ...wiring('Worker'),
    });

  return {
    postgres: supervise('PostgreSQL', startDatabase, WIPE),
    temporal: supervise('Temporal', startTemporalServer, WIPE),
    simulator: supervise('Simulator', startSimulator, WIPE),
    api: supervise('API', startApi),
    worker: supervise('Worker', startWorker),
  };
}
