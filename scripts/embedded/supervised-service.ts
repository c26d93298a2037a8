import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from './progress.ts';
import { seconds } from './progress.ts';
import type { ServerProcess } from './server-process.ts';
import { messageOf, StartProblem } from './start-problem.ts';

/** A service that runs and is ready. */
export interface RunningService {
  readonly process: ServerProcess;
  /** Ends it gracefully, or with SIGKILL after `graceMs`. */
  stop(graceMs: number): Promise<unknown>;
}

export interface ServiceOptions {
  readonly name: string;
  /** Starts it; resolves when it is ready. Called again after each unexpected end. */
  readonly start: () => Promise<RunningService>;
  /** What to check, and what to do, when it does not start. */
  readonly advice: string;
  readonly progress: Progress;
  /**
   * Delays before each restart, in milliseconds. After this many crashes in quick succession, the next one is final.
   */
  readonly restartDelaysMs?: readonly number[];
  /** Called when it is given up. */
  readonly onGivenUp: (problem: StartProblem) => void;
}

export interface SupervisedService {
  /** Starts it for the first time. Rejects with StartProblem, without a retry. */
  start(): Promise<void>;
  /** Ends it for good. */
  stop(graceMs: number): Promise<void>;
}

/** Short enough for a process that was killed by hand; in sum long enough for an overloaded machine. */
const defaultDelaysMs = [500, 1_000, 2_000, 4_000, 8_000];
/** A process that lived longer than this does not count as a quick crash. */
const QUICK_DEATH_MS = 30_000;

/**
 * Keeps a service running: restarts it when it ends unexpectedly, reports that, and gives up after repeated crashes.
 */
export function superviseService(options: ServiceOptions): SupervisedService {
  const { name, start, advice, progress, onGivenUp, restartDelaysMs = defaultDelaysMs } = options;
  const ending = new AbortController();
  let running: RunningService | undefined;
  let quickDeaths = 0;

  const startOnce = async () => {
    running = await start();
    const startedAt = performance.now();
    const { process } = running;
    void process.exited.then(({ code, signal }) => {
      running = undefined;
      if (ending.signal.aborted) return;
      quickDeaths = performance.now() - startedAt < QUICK_DEATH_MS ? quickDeaths + 1 : 1;
      void restart(`ended unexpectedly (${signal ?? `code ${code}`})`);
    });
  };

  const restart = async (reason: string): Promise<void> => {
    const delayMs = restartDelaysMs[quickDeaths - 1];
    if (delayMs === undefined) {
      onGivenUp(new StartProblem(`${name} ${reason}, again and again. ${advice}`));
      return;
    }
    progress.warn(`${name} ${reason}; starting it again in ${seconds(delayMs)}`);
    try {
      await sleep(delayMs, undefined, { signal: ending.signal });
      await startOnce();
      progress.done(`${name} runs again`);
    } catch (error) {
      if (ending.signal.aborted) return;
      quickDeaths += 1;
      await restart(`does not start (${messageOf(error)})`);
    }
  };

  return {
    async start() {
      try {
        await startOnce();
      } catch (error) {
        if (error instanceof StartProblem) throw error;
        throw new StartProblem(`${name} does not start: ${messageOf(error)}\n${advice}`, { cause: error });
      }
    },
    async stop(graceMs) {
      ending.abort();
      await running?.stop(graceMs);
    },
  };
}
