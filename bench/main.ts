import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { createProgress, seconds } from '../scripts/embedded/progress.ts';
import { endOverUsage, readArguments } from '../scripts/embedded/script-arguments.ts';
import { shownPath } from '../scripts/embedded/stack-folder.ts';
import { StartProblem } from '../scripts/embedded/start-problem.ts';
import { untilStopRequest } from '../scripts/embedded/stop-request.ts';
import { cases } from './cases.ts';
import { writeResults } from './report/results-file.ts';
import { resultsTable } from './report/results-table.ts';
import { runCases } from './run-cases.ts';

const USAGE = `Usage: npm run bench -- [CASE…] [options]

${cases.map(({ name, question }) => `  ${name.padEnd(10)} ${question}`).join('\n')}

  --quick          a fifth of the mails and of the time, to see whether it works
  --profile PATH   CPU profiles of API, worker and simulator into this folder

Without a case all of them run, in about twenty minutes on two cores. Ctrl-C ends it and leaves nothing behind.`;

const QUICK = 0.2;
const progress = createProgress();
const stopRequest = untilStopRequest();
const stops: (() => Promise<void>)[] = [];
const ended = new AbortController();
void stopRequest.untilAsked.then(() => ended.abort());

try {
  await Promise.race([run(readOptions()), stopRequest.untilAsked]);
} catch (error) {
  progress.fail(error);
  process.exitCode = 1;
} finally {
  await Promise.all(stops.map((stop) => stop()));
}
// Something may still wait for a service that was stopped.
process.exit();

async function run({ chosen, quick, profile }: ReturnType<typeof readOptions>): Promise<void> {
  const startedAt = performance.now();
  const profiles = profile === undefined ? undefined : resolve(profile);
  if (profiles !== undefined) mkdirSync(profiles, { recursive: true });
  const scale = quick ? QUICK : 1;
  const results = await runCases(chosen, {
    scale,
    profiles,
    progress,
    ended: ended.signal,
    onStart: (stop) => stops.push(stop),
  });
  const ms = performance.now() - startedAt;
  console.log(resultsTable(results));
  const path = writeResults(results, { scale, seconds: ms / 1_000 });
  progress.done(`Written to ${shownPath(path)} after ${seconds(ms)}`);
}

function readOptions() {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, profile: { type: 'string' } },
  });
  if (process.platform !== 'linux') throw new StartProblem('The benchmark reads /proc: it runs on Linux only.');
  const unknown = positionals.filter((name) => !cases.some((known) => known.name === name));
  if (unknown.length > 0) endOverUsage(`There is no case ${unknown.join(', ')}.`, USAGE);
  const chosen = positionals.length === 0 ? cases : cases.filter(({ name }) => positionals.includes(name));
  return { chosen, quick: values.quick, profile: values.profile };
}
