import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createProgress } from './embedded/progress.ts';
import { endOverUsage, readArguments } from './embedded/script-arguments.ts';
import { StartProblem } from './embedded/start-problem.ts';
import { type Place, places } from './matrix/places.ts';
import { type Clone, settleIn } from './matrix/settle-in.ts';

const USAGE = `Usage: npm run matrix -- [PLACE…] [options]

Runs \`npm start\` and \`npm test\` in the environments that people have: every user, folder, umask, home and Node. In each,
Mailroom starts, is ready, stops, starts again with its data, is wiped, and passes tests. PLACE: ${places.map(({ name }) => name).join(', ')}; all when none is given.

  --tests FILES   which, with blanks between
`;

const { values: options, positionals: names } = readArguments(USAGE, {
  allowPositionals: true,
  options: { tests: { type: 'string', default: 'test/database/capture.test.ts test/workflow/mailbox.test.ts' } },
});
const READY_WITHIN_MS = 300_000;
const COMMAND_WITHIN_MS = 900_000;
const SHOWN_LINES = 12;

const unknown = names.filter((name) => !places.some((place) => place.name === name));
if (unknown.length > 0) endOverUsage(`There is no place ${unknown.join(', ')}.`, USAGE);
const progress = createProgress();
const isRoot = process.getuid?.() === 0;
const chosen = places.filter(
  ({ name, user }) => (names.length === 0 || names.includes(name)) && (isRoot || user !== 'root'),
);
if (!isRoot) progress.warn('The places of root are left out: start this as root to try them.');
for (const place of chosen) {
  try {
    await progress.step(
      () => tryPlace(place),
      () => place.name,
    );
  } catch (error) {
    progress.fail(new StartProblem(`${place.name}: ${error instanceof Error ? error.message : error}`));
    process.exitCode = 1;
  }
}

async function tryPlace(place: Place): Promise<void> {
  const clone = await settleIn(place);
  try {
    await startAndStop(clone, /data created/);
    await startAndStop(clone, /Schema is up to date/);
    await command(clone, 'run', 'reset');
    if (existsSync(join(clone.folder, '.mailroom'))) throw new Error('`npm run reset` left .mailroom behind');
    await command(clone, 'test', '--', ...options.tests.split(' '));
  } finally {
    rmSync(clone.base, { recursive: true, force: true });
  }
}

async function startAndStop(clone: Clone, expected: RegExp): Promise<void> {
  const start = run(clone, READY_WITHIN_MS, 'start');
  await start.untilSays(/Mailroom runs\./);
  const { status } = await fetch(`http://127.0.0.1:${clone.env.API_PORT}/readyz`);
  start.interrupt();
  await start.exited;
  // npm ends by the signal, so its exit code says nothing about the script.
  const isInOrder = status === 200 && expected.test(start.output()) && /✔ Stopped/.test(start.output());
  if (!isInOrder) throw new Error(`\`npm start\` was ready with ${status}:\n${lastLines(start.output())}`);
}

async function command(clone: Clone, ...args: readonly string[]): Promise<void> {
  const running = run(clone, COMMAND_WITHIN_MS, ...args);
  const code = await running.exited;
  if (code !== 0) throw new Error(`\`npm ${args.join(' ')}\` ended with ${code}:\n${lastLines(running.output())}`);
}

function run(clone: Clone, timeoutMs: number, ...args: readonly string[]) {
  const [program, ...rest] = clone.npm(...args);
  const child = spawn(program, rest, {
    cwd: clone.folder,
    env: clone.env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
      for (const listener of listeners) listener();
    });
  }
  // Signals the whole group, as Ctrl-C in a terminal does.
  const signal = (name: NodeJS.Signals) => process.kill(-(child.pid as number), name);
  const timer = setTimeout(() => signal('SIGKILL'), timeoutMs);
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve)).finally(() =>
    clearTimeout(timer),
  );
  return {
    exited,
    output: () => output,
    interrupt: () => signal('SIGINT'),
    untilSays: (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        listeners.add(() => pattern.test(output) && resolve());
        void exited.then((code) => reject(new Error(`\`npm ${args[0]}\` ended with ${code}:\n${lastLines(output)}`)));
      }),
  };
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-SHOWN_LINES).join('\n');
}
