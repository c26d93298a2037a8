import { globSync, rmSync } from 'node:fs';
import { startTemporal, type TemporalServer } from '../../scripts/embedded/temporal-server.ts';

export interface UnrulyTemporalOptions {
  readonly port: number;
  readonly databaseFile: string;
  readonly logFile: string;
}

/** A Temporal server that can be killed and emptied. */
export interface UnrulyTemporal {
  start(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Deletes all of its data. Only while it is not running. */
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
