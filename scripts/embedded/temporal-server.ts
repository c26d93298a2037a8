import { searchAttributeTypes } from '../../contract/mailbox.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { findTemporalBinary } from './temporal-binary.ts';

export interface TemporalOptions {
  /** From `findTemporalBinary`, which is also the default. */
  readonly binary?: string;
  readonly port: number;
  /** Created in addition to `default`, with the search attributes. */
  readonly namespace?: string;
  /** Undefined: Temporal's pages are not served. */
  readonly uiPort?: number;
  /** File for all workflows; without it, they are lost when the server ends. */
  readonly databaseFile?: string;
  /** The codec server of Temporal's pages, which decodes payloads. */
  readonly codecEndpoint?: string;
  readonly logFile?: string;
  readonly onLine?: (line: string) => void;
  readonly onSpawn?: (process: ServerProcess) => void;
}

export interface TemporalServer {
  readonly process: ServerProcess;
  readonly address: string;
  stop(graceMs?: number): Promise<void>;
}

const LISTENS_ON = '127.0.0.1';
/**
 * SQLite's defaults wait for the disk twice in every transaction: a new mailbox then costs the server 2.5 times as much
 * CPU and takes three times as long. These settings lose nothing when a process is killed; a power cut may lose the
 * last commits, which are repaired from the accounts' rows (decision 1).
 */
const DATABASE_PRAGMAS = ['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=normal'];

/** Starts Temporal's development server. Resolves when it answers; rejects with the server's reason. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const { port, namespace, uiPort, databaseFile, codecEndpoint, logFile, onLine, onSpawn } = options;
  const server = await startServerProcess({
    name: 'Temporal',
    command: options.binary ?? (await findTemporalBinary()),
    args: [
      ...['server', 'start-dev', '--log-level', 'warn', '--ip', LISTENS_ON, '--port', String(port)],
      ...(namespace === undefined ? [] : ['--namespace', namespace]),
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort)]),
      ...(databaseFile === undefined ? [] : ['--db-filename', databaseFile, ...DATABASE_PRAGMAS]),
      ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
      ...Object.entries(searchAttributeTypes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
      // Off by default on self-hosted servers: without it, one organisation's backlog delays all the others.
      ...['--dynamic-config-value', 'matching.enableFairness=true'],
      // The answer to a worker's request for an activity contains the activity: one round trip less before a mail is
      // read.
      ...['--dynamic-config-value', 'system.enableActivityEagerExecution=true'],
    ],
    logFile,
    onLine,
    onSpawn,
  });
  try {
    await server.untilLine(/^Server:|^Temporal Server:/);
  } catch (error) {
    await server.exited;
    throw error;
  }
  return {
    process: server,
    address: `${LISTENS_ON}:${port}`,
    async stop(graceMs = 5_000) {
      await server.stop({ graceMs });
    },
  };
}
