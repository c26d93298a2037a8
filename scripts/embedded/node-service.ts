import { join } from 'node:path';
import { compileCache } from './compile-cache.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import { projectFolder } from './stack-folder.ts';
import type { RunningService } from './supervised-service.ts';
import { untilAnswers } from './until-answers.ts';

export interface NodeServiceOptions {
  readonly name: string;
  /** The program, relative to the project's folder, and its arguments. */
  readonly program: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** URL and status that show that it is ready; without it, it reports that over its channel. */
  readonly readyAt?: { readonly url: string; readonly accept: (status: number) => boolean };
  readonly logFile?: string;
  readonly onLine?: (line: string) => void;
  readonly onSpawn?: (process: ServerProcess) => void;
}

/** The slowest machine so far needed a tenth of it. */
const READY_WITHIN_MS = 60_000;

/** Starts a program of Mailroom with this process' Node; resolves when it is ready. */
export async function startNodeService(options: NodeServiceOptions): Promise<RunningService> {
  const [program, ...args] = options.program;
  const server = await startServerProcess({
    name: options.name,
    command: process.execPath,
    args: [join(projectFolder, program), ...args],
    cwd: projectFolder,
    env: { ...compileCache, ...options.env },
    isNode: true,
    logFile: options.logFile,
    onLine: options.onLine,
    onSpawn: options.onSpawn,
  });
  try {
    if (options.readyAt === undefined) await withTimeout(server.untilReady());
    else await untilAnswers(options.readyAt.url, server, { ...options.readyAt, timeoutMs: READY_WITHIN_MS });
  } catch (error) {
    await server.stop({ signal: 'SIGKILL' });
    throw error;
  }
  return { process: server, stop: (graceMs) => server.stop({ graceMs }) };
}

async function withTimeout(ready: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Not ready after ${READY_WITHIN_MS / 1_000} s`)), READY_WITHIN_MS);
  });
  try {
    await Promise.race([ready, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
