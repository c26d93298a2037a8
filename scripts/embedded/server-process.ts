import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { endsWithParent } from './ends-with-parent.ts';
import { environmentOf } from './process-environment.ts';
import type { ProcessOwner } from './process-owner.ts';

export interface ServerProcessOptions {
  /** Name for people: `PostgreSQL`, `worker`. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string | undefined;
  /** An open file as standard input; empty by default. */
  readonly stdin?: number;
  readonly owner?: ProcessOwner | undefined;
  /** True for a Node program: it learns over a channel that this process is gone, however it ended. */
  readonly isNode?: boolean;
  /** File for all output; without it, only the last lines are kept. */
  readonly logFile?: string | undefined;
  /** Called with each line of output. */
  readonly onLine?: ((line: string) => void) | undefined;
  /** Called as soon as the process runs, before it is ready, so that it can be ended from then on. */
  readonly onSpawn?: ((process: ServerProcess) => void) | undefined;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running program that this process started and ends. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves when the process is gone and its output is read. Never rejects. */
  readonly exited: Promise<Exit>;
  hasExited(): boolean;
  /** The latest lines of its output, oldest first. */
  lastLines(): readonly string[];
  /** Resolves at the first line that matches; rejects when the process ends first. */
  untilLine(pattern: RegExp): Promise<string>;
  /** Resolves when a Node program reports `ready` over its channel; rejects when it ends first. */
  untilReady(): Promise<void>;
  /** Asks the process to end; sends SIGKILL after `graceMs`. */
  stop(options?: { readonly signal?: NodeJS.Signals; readonly graceMs?: number }): Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

/** Enough to see why a server did not start, few enough to show. */
const KEPT_LINES = 40;
const DEFAULT_GRACE_MS = 8_000;

/**
 * Starts a program in its own process group, so that Ctrl-C in the terminal reaches only this process, which then stops
 * the others in order. Rejects when the program cannot be started at all.
 */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { command, args, owner } = endsWithParent(options);
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? environmentOf('other', process.env),
    detached: true,
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe', ...(options.isNode ? (['ipc'] as const) : [])],
    ...owner,
  });
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a' });
  const output = readOutput(child, log, options.onLine);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => {
      log?.end();
      output.close();
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      log?.end();
      reject(new Error(`${options.name} cannot be started: ${error.message}`, { cause: error }));
    });
  });
  // After the start, an error can only be a signal or a message that came too late; `exited` covers the rest.
  child.on('error', () => {});
  const started = describe(options.name, child, exited, output);
  options.onSpawn?.(started);
  return started;
}

function describe(name: string, child: ChildProcess, exited: Promise<Exit>, output: Output): ServerProcess {
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (message) => message === 'ready' && resolve());
    void exited.then(() => reject(endedEarly(output.lastLines())));
  });
  // Most callers do not wait for it.
  ready.catch(() => {});
  return {
    name,
    pid: child.pid as number,
    exited,
    hasExited,
    lastLines: output.lastLines,
    untilLine: output.untilLine,
    untilReady: () => ready,
    kill: (signal) => void child.kill(signal),
    async stop({ signal = 'SIGTERM', graceMs = DEFAULT_GRACE_MS } = {}) {
      if (!hasExited()) child.kill(signal);
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(insist);
      }
    },
  };
}

interface Output {
  lastLines(): readonly string[];
  untilLine(pattern: RegExp): Promise<string>;
  close(): void;
}

function readOutput(
  child: ChildProcess,
  log: WriteStream | undefined,
  onLine: ((line: string) => void) | undefined,
): Output {
  const lines: string[] = [];
  const waiting = new Set<{ pattern: RegExp; resolve: (line: string) => void; reject: (error: Error) => void }>();
  const take = (line: string) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    log?.write(`${line}\n`);
    onLine?.(line);
    for (const wait of waiting) {
      if (!wait.pattern.test(line)) continue;
      waiting.delete(wait);
      wait.resolve(line);
    }
  };
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', take);
  }
  return {
    lastLines: () => lines,
    untilLine: (pattern) => {
      const known = lines.find((line) => pattern.test(line));
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve, reject) => waiting.add({ pattern, resolve, reject }));
    },
    close: () => {
      for (const { reject } of waiting) reject(endedEarly(lines));
      waiting.clear();
    },
  };
}

function endedEarly(lines: readonly string[]): Error {
  return new Error(lastComplaint(lines) ?? 'It ended without a word');
}

/** Why a program ended, by its own output: its last error, else its last line. Undefined without output. */
export function lastComplaint(lines: readonly string[]): string | undefined {
  const complaint = lines.findLast((line) => /(FATAL|PANIC):|Error\b.*:|\berror:|level=ERROR/.test(line));
  return (complaint ?? lines.findLast((line) => line.trim() !== ''))?.replace(/^.*?(FATAL|PANIC): +/, '');
}
