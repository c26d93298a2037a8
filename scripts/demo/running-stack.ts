import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../embedded/progress.ts';
import { readStackEnvironment } from '../embedded/stack-environment.ts';
import { projectFolder } from '../embedded/stack-folder.ts';
import { StartProblem } from '../embedded/start-problem.ts';

interface DemoEnvironment extends Readonly<Record<string, string>> {
  readonly DATABASE_URL: string;
  readonly PUBLIC_URL: string;
  readonly SIMULATOR_URL: string;
  readonly TEMPORAL_UI_URL: string;
}

/** The stack that runs in this folder, or a new one for the duration of the demonstration. */
export async function findOrStartStack(
  progress: Progress,
): Promise<{ environment: DemoEnvironment; staysRunning: boolean; stop(): Promise<void> }> {
  const running = readStackEnvironment();
  if (running) return { environment: simulated(running), staysRunning: true, stop: async () => {} };

  progress.tell('Mailroom does not run here yet: it is started, and stopped again at the end');
  const child = spawn(process.execPath, ['scripts/start.ts'], { cwd: projectFolder, stdio: 'inherit' });
  const exited = once(child, 'exit');
  let ended = false;
  void exited.then(() => {
    ended = true;
  });
  for (;;) {
    if (ended) throw new StartProblem('Mailroom could not be started; the lines above say why.');
    const environment = readStackEnvironment();
    if (environment && (await answers(`${environment.PUBLIC_URL}/readyz`))) {
      return {
        environment: simulated(environment),
        staysRunning: false,
        async stop() {
          child.kill('SIGTERM');
          await exited;
        },
      };
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
