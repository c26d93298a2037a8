import { globSync, rmSync } from 'node:fs';
import { startTemporal, type TemporalServer } from '../../scripts/embedded/temporal-server.ts';

export interface UnrulyTemporalOptions {
  readonly port: number;
  readonly databaseFile: string;
  readonly logFile: string;
}

/** A Temporal server that goes away and forgets. */
export interface UnrulyTemporal {
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Deletes everything that it knew. Only while it does not run. */
  empty(): void;
  stop(): Promise<void>;
}

export async function startUnrulyTemporal(options: UnrulyTemporalOptions): Promise<UnrulyTemporal> {
  let server: TemporalServer | undefined;
  const start = async () => {
    if (server === undefined || server.process.hasExited()) server = await startTemporal(options);
  };
  await start();
  return {
    start,
    async kill() {
      await server?.process.stop({ signal: 'SIGKILL' });
    },
    empty() {
      for (const file of globSync(`${options.databaseFile}*`)) rmSync(file);
    },
    async stop() {
      await server?.stop();
    },
  };
}
