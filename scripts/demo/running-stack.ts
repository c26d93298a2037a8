import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../embedded/progress.ts';
import { readStackEnvironment } from '../embedded/stack-environment.ts';
import { projectFolder } from '../embedded/stack-folder.ts';
import { StartProblem } from '../embedded/start-problem.ts';
import { untilStopRequest } from '../embedded/stop-request.ts';
import { makeDemoKey } from './demo-key.ts';

interface DemoEnvironment extends Readonly<Record<string, string>> {
  readonly DATABASE_URL: string;
  readonly PUBLIC_URL: string;
  readonly SIMULATOR_URL: string;
  readonly TEMPORAL_UI_URL: string;
}

interface RunningStack {
  readonly environment: DemoEnvironment;
  readonly staysRunning: boolean;
}

/** As the shell reports programs that Ctrl-C ended. */
const INTERRUPTED_EXIT_CODE = 130;

/**
 * Runs a script that works with the stack of this folder, or with a new one for its duration, and an administrator's key.
 * Ctrl-C ends it as its own end does: the key is revoked, and a stack that was started for it stops. Never returns.
 */
export async function withStack(
  progress: Progress,
  work: (stack: RunningStack & { readonly key: string }) => Promise<void>,
): Promise<never> {
  const ends: (() => Promise<void>)[] = [];
  const run = async () => {
    const stack = await findOrStartStack(progress, ends);
    const { key, revoke } = await makeDemoKey(stack.environment.DATABASE_URL);
    ends.unshift(revoke);
    await work({ ...stack, key });
  };
  const interrupted = untilStopRequest().untilAsked.then(() => {
    process.exitCode = INTERRUPTED_EXIT_CODE;
  });
  await Promise.race([run(), interrupted]).catch((error: unknown) => fail(progress, error));
  for (const end of ends) await end().catch((error: unknown) => fail(progress, error));
  // What was interrupted may still wait for something.
  process.exit();
}

function fail(progress: Progress, error: unknown): void {
  progress.fail(error);
  process.exitCode = 1;
}

/** The stack that runs in this folder, or a new one, which the last of `ends` stops. */
async function findOrStartStack(progress: Progress, ends: (() => Promise<void>)[]): Promise<RunningStack> {
  const running = readStackEnvironment();
  if (running) return { environment: simulated(running), staysRunning: true };

  progress.tell('Mailroom does not run here yet: it is started, and stopped again at the end');
  // A group of its own: Ctrl-C reaches only us, who still need it.
  const options = { cwd: projectFolder, stdio: 'inherit', detached: process.platform !== 'win32' } as const;
  const child = spawn(process.execPath, ['scripts/start.ts'], options);
  const exited = once(child, 'exit');
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  ends.push(async () => {
    child.kill('SIGTERM');
    await exited;
  });
  for (;;) {
    if (ended) throw new StartProblem('Mailroom could not be started; the lines above say why.');
    const environment = readStackEnvironment();
    if (environment && (await answers(`${environment.PUBLIC_URL}/readyz`))) {
      return { environment: simulated(environment), staysRunning: false };
    }
    await sleep(CHECK_EVERY_MS);
  }
}

const CHECK_EVERY_MS = 250;

function simulated(environment: Readonly<Record<string, string>>): DemoEnvironment {
  const { DATABASE_URL, PUBLIC_URL, SIMULATOR_URL, TEMPORAL_UI_URL = '' } = environment;
  if (DATABASE_URL && PUBLIC_URL && SIMULATOR_URL) {
    return { ...environment, DATABASE_URL, PUBLIC_URL, SIMULATOR_URL, TEMPORAL_UI_URL };
  }
  throw new StartProblem('The demonstration needs the simulator; what runs here talks to Microsoft.');
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
