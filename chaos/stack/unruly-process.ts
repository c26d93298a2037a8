import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerProcess, startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';

export interface UnrulyOptions {
  readonly name: string;
  /** Relative to the project's folder. */
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** Called with the last line when the process ends although no harm touched it; it is restarted. */
  readonly onCollapse: (name: string, lastLine: string) => void;
}

/** A process of Mailroom that can be killed, frozen and restarted, and is otherwise kept running. */
export interface UnrulyProcess {
  readonly name: string;
  /** Resolves when it runs, before it is ready. */
  start(): Promise<void>;
  untilReady(): Promise<void>;
  /** SIGKILL; resolves when it is gone. It stays down until it is started again. */
  kill(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Ends it gracefully, for good. */
  stop(): Promise<void>;
}

/** The restart delay of a typical supervisor. */
const RESTARTS_AFTER_MS = 1_000;
const STOP_GRACE_MS = 15_000;

export function createUnrulyProcess({ name, program, env, logFile, onCollapse }: UnrulyOptions): UnrulyProcess {
  let running: ServerProcess | undefined;
  let isWanted = false;

  const start = async () => {
    isWanted = true;
    const command = { command: process.execPath, args: [join(projectFolder, program)], cwd: projectFolder };
    const started = await startServerProcess({ name, ...command, env, isNode: true, logFile });
    running = started;
    void started.exited.then(async () => {
      if (running !== started || !isWanted) return;
      onCollapse(name, started.lastLines().at(-1) ?? '');
      await sleep(RESTARTS_AFTER_MS);
      if (running === started && isWanted) await start();
    });
    if (!isWanted) started.kill('SIGKILL');
  };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    isWanted = false;
    // A frozen process would not see the request to end.
    running?.kill('SIGCONT');
    await running?.stop({ signal, graceMs: STOP_GRACE_MS });
  };
  return {
    name,
    start,
    untilReady: async () => await running?.untilReady(),
    async kill() {
      isWanted = false;
      running?.kill('SIGKILL');
      await running?.exited;
    },
    freeze: () => running?.kill('SIGSTOP'),
    thaw: () => running?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
  };
}
