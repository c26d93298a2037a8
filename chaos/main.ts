import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createProgress, seconds } from '../scripts/embedded/progress.ts';
import { endOverUsage, readArguments } from '../scripts/embedded/script-arguments.ts';
import { projectFolder, shownPath } from '../scripts/embedded/stack-folder.ts';
import { StartProblem } from '../scripts/embedded/start-problem.ts';
import { untilStopRequest } from '../scripts/embedded/stop-request.ts';
import { runAnswers } from './answers/run-answers.ts';
import type { Plan } from './plan/plan.ts';
import { describeVerdict } from './report/verdict.ts';
import { runChaos } from './run-chaos.ts';

const USAGE = `Usage: npm run chaos -- [options]

  --minutes N            how long things break; healing and waiting come on top (default 10)
  --seed N               the same seed plans the same run (default: a random one, which is printed)
  --mails-per-minute N   (default 600)
  --kills-per-minute N   (default 8)
  --harms-per-minute N   all else that goes wrong (default 18); with few, recovery times tell of each kind alone
  --accounts N           mailboxes: by notification, polled, and shared (default 20)
  --agents N             people and programs that claim items (default 4)
  --answers N            instead of all that: agents send N answers, and each must leave its mailbox once
  --strict               fails because of known defects, too (none at present)
  --plan FILE            repeats the plan that an earlier run wrote down
  --folder FOLDER        gets plan, history, verdict and logs (default chaos/results/<seed>)

Exit code 0: the promises held; 1: they did not, or it could not run. Ctrl-C ends it and leaves nothing running.`;

const progress = createProgress();
const stopRequest = untilStopRequest();
let stop = async () => {};

try {
  await Promise.race([run(readOptions()), stopRequest.untilAsked.then(interrupted)]);
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
} finally {
  await stop();
}
// Something may still wait for a service that was stopped.
process.exit();

async function run(options: ReturnType<typeof readOptions>): Promise<void> {
  const startedAt = performance.now();
  progress.tell(`seed ${options.seed}, ${options.minutes} minutes; everything goes to ${shownPath(options.folder)}`);
  if (options.answers > 0) return await runOfAnswers(options);
  const verdict = await runChaos({
    ...options,
    progress,
    onStart: (ends) => {
      stop = ends;
    },
  });
  console.log(describeVerdict(verdict));
  process.exitCode = verdict.passed ? 0 : 1;
  progress.tell(`${seconds(performance.now() - startedAt)} altogether`);
}

async function runOfAnswers(options: ReturnType<typeof readOptions>): Promise<void> {
  const { counts, findings, kills, harms } = await runAnswers({
    ...options,
    progress,
    onStart: (ends) => {
      stop = ends;
    },
  });
  const { sent, unknown, failed, lost, doubled } = counts;
  console.log(
    [
      `Seed ${options.seed}: ${findings.length === 0 ? 'the promises held' : 'PROMISES WERE BROKEN'}.`,
      `${options.answers} answers: ${sent} sent, ${unknown} unknown, ${failed} failed; ${lost} lost, ${doubled} doubled.`,
      `${kills} kills and ${harms} other harms.`,
      ...findings.map((finding) => `  ${finding}`),
    ].join('\n'),
  );
  process.exitCode = findings.length === 0 ? 0 : 1;
}

function interrupted(): void {
  process.exitCode = 1;
}

function readOptions() {
  const number = { type: 'string' } as const;
  const { values } = readArguments(USAGE, {
    options: {
      minutes: { ...number, default: '10' },
      seed: { ...number, default: String(Math.floor(Math.random() * 1_000_000)) },
      'mails-per-minute': { ...number, default: '600' },
      'kills-per-minute': { ...number, default: '8' },
      'harms-per-minute': { ...number, default: '18' },
      accounts: { ...number, default: '20' },
      agents: { ...number, default: '4' },
      answers: { ...number, default: '0' },
      strict: { type: 'boolean', default: false },
      plan: { type: 'string' },
      folder: { type: 'string' },
    },
  });
  if (process.platform !== 'linux') throw new StartProblem('Chaos freezes processes by /proc: it runs on Linux only.');
  const positive = (name: Exclude<keyof typeof values, 'strict' | 'plan' | 'folder'>) => {
    const value = Number(values[name]);
    if (values[name].trim() === '' || !(value >= 0)) endOverUsage(`--${name} takes a number.`, USAGE);
    return value;
  };
  const seed = positive('seed');
  return {
    seed,
    minutes: positive('minutes'),
    mailsPerMinute: positive('mails-per-minute'),
    killsPerMinute: positive('kills-per-minute'),
    harmsPerMinute: positive('harms-per-minute'),
    accounts: positive('accounts'),
    agents: positive('agents'),
    answers: positive('answers'),
    strict: values.strict,
    plan: values.plan === undefined ? undefined : (JSON.parse(readFileSync(values.plan, 'utf8')) as Plan),
    folder:
      values.folder === undefined ? join(projectFolder, 'chaos', 'results', String(seed)) : resolve(values.folder),
  };
}
