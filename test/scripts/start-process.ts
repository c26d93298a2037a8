import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile } from '../../scripts/embedded/json-file.ts';
import { freePorts } from '../../scripts/embedded/ports.ts';
import { isRunning, type ProcessIdentity } from '../../scripts/embedded/process-identity.ts';
import { projectFolder, type StackFolder, stackFolder } from '../../scripts/embedded/stack-folder.ts';

/** A data folder and ports that nobody else uses: what one `npm start` after the other has in common. */
export interface Home {
  readonly folder: StackFolder;
  readonly ports: Readonly<Record<string, string>>;
  remove(): void;
}

export interface StartProcess {
  readonly pid: number;
  /** All that it printed. */
  output(): string;
  /** Resolves with the seconds that it took to be ready; rejects with its output when it ends before. */
  untilReady(): Promise<number>;
  /** Resolves with its exit code. */
  readonly exited: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

export async function createHome(): Promise<Home> {
  const path = mkdtempSync(join(tmpdir(), 'mailroom-start-'));
  const names = ['API_PORT', 'SIMULATOR_PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT'];
  const ports = await freePorts(names.length);
  return {
    folder: stackFolder(join(path, 'data')),
    ports: Object.fromEntries(names.map((name, index) => [name, String(ports[index])])),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** Runs scripts/start.ts as `npm start` does, but in the given home; `launcher` runs the command that it is given. */
export function runStart(
  home: Home,
  env: Readonly<Record<string, string>> = {},
  launcher: readonly string[] = [],
): StartProcess {
  const command = [...launcher, process.execPath, 'scripts/start.ts', '--data', home.folder.path];
  return run(command, { ...process.env, ...home.ports, ...env });
}

/** Runs scripts/reset.ts on the given home. */
export function runReset(home: Home, ...options: readonly string[]): StartProcess {
  return run([process.execPath, 'scripts/reset.ts', '--data', home.folder.path, ...options], process.env);
}

/** The processes that a start has recorded, without itself. */
export function recordedProcesses({ folder }: Home): readonly (ProcessIdentity & { readonly name: string })[] {
  return readJsonFile<(ProcessIdentity & { name: string })[]>(folder.processes) ?? [];
}

/** Those of the given processes that still run. */
export function survivors(processes: readonly (ProcessIdentity & { readonly name: string })[]): readonly string[] {
  return processes.filter(isRunning).map(({ name }) => name);
}

function run([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): StartProcess {
  const startedAt = performance.now();
  const child = spawn(command, args, { cwd: projectFolder, env, stdio: 'pipe' });
  let output = '';
  const ready = Promise.withResolvers<number>();
  ready.promise.catch(() => {});
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    if (output.includes('Mailroom runs.')) ready.resolve((performance.now() - startedAt) / 1_000);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => {
      ready.reject(new Error(`It ended with code ${code}:\n${output}`));
      resolve(code);
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    untilReady: () => ready.promise,
    exited,
    kill: (signal) => void child.kill(signal),
  };
}
