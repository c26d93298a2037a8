import { globSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { terminalLine, terminalText } from '../domain/words/terminal-text.ts';
import { createProgress } from './embedded/progress.ts';
import { endOverUsage, readArguments } from './embedded/script-arguments.ts';
import { findSimulatorUrl } from './embedded/simulator-url.ts';
import { messageOf, StartProblem } from './embedded/start-problem.ts';

const USAGE = `Usage: npm run deliver -- FILES… --to ADDRESS [options]

Sends raw mails into a mailbox of the simulator. FILES: .eml files, folders of them, or patterns ("mail/**/*.eml").

  --to ADDRESS       the mailbox; made when it does not exist. Several: repeat it, the mails are dealt out in turn
  --simulator URL    when not given: SIMULATOR_URL, or that of the stack that runs here, or http://localhost:4000
  --folder NAME      inbox when not given: a well-known name, or a folder's display name
`;

/** Leaves the simulator half of its two cores, and roughly keeps the order of the files. */
const AT_ONCE = 4;
/** The simulator takes a mail of 150 MB in a few seconds. */
const ANSWER_WITHIN_MS = 60_000;

interface Failure {
  readonly file: string;
  readonly reason: string;
}

async function deliver(): Promise<void> {
  const { values, positionals } = readArguments(USAGE, {
    allowPositionals: true,
    options: {
      to: { type: 'string', multiple: true, default: [] },
      simulator: { type: 'string', default: findSimulatorUrl(process.env) },
      folder: { type: 'string', default: 'inbox' },
    },
  });
  if (positionals.length === 0) endOverUsage('Which files?', USAGE);
  if (values.to.length === 0) endOverUsage('To which mailbox? Give --to ADDRESS.', USAGE);
  if (!/^https?:$/.test(URL.parse(values.simulator)?.protocol ?? '')) {
    endOverUsage(`--simulator ${values.simulator} is no address such as http://localhost:4000.`, USAGE);
  }
  const files = positionals.flatMap(findMails);
  await checkSimulator(values.simulator);

  const startedAt = performance.now();
  const waiting = files.map((file, index) => ({ file, to: values.to[index % values.to.length] ?? '' }));
  const delivered = new Map<string, number>();
  const failures: Failure[] = [];
  const showProgress = progressLine(files.length);
  const deliverNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const reason = await deliverOne(values.simulator, values.folder, next.to, next.file);
      if (reason === undefined) delivered.set(next.to, (delivered.get(next.to) ?? 0) + 1);
      else failures.push({ file: next.file, reason });
      showProgress(files.length - waiting.length, next.file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, deliverNext));
  showProgress.end();
  report(delivered, failures, (performance.now() - startedAt) / 1000);
}

/** The mails that an argument matches, sorted by name. Throws a StartProblem when it matches none. */
function findMails(argument: string): string[] {
  const stats = statSync(argument, { throwIfNoEntry: false });
  if (stats?.isFile()) return [argument];
  const found = stats?.isDirectory()
    ? globSync('**/*.eml', { cwd: argument }).map((file) => join(argument, file))
    : globSync(argument).filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
  if (found.length > 0) return found.sort();
  throw new StartProblem(stats ? `No .eml files in ${argument}.` : `There is no file ${argument}.`);
}

async function checkSimulator(simulator: string): Promise<void> {
  const response = await ask(new URL('/control/limits', simulator)).catch(() => {
    throw new StartProblem(
      `No simulator answers on ${simulator}. Start it with "npm run simulator" or "npm start", or name another with --simulator.`,
    );
  });
  if (response.ok) return;
  throw new StartProblem(`${simulator} answers, but it is no simulator (status ${response.status}).`);
}

/** Why a mail could not be delivered; undefined when it was. */
async function deliverOne(simulator: string, folder: string, to: string, file: string): Promise<string | undefined> {
  try {
    const url = new URL(`/control/mailboxes/${encodeURIComponent(to)}/messages`, simulator);
    url.searchParams.set('folder', folder);
    const headers = { 'content-type': 'message/rfc822' };
    const response = await ask(url, { method: 'POST', headers, body: await readFile(file) });
    return response.status === 201 ? undefined : await refusalOf(response);
  } catch (error) {
    return messageOf(error instanceof Error && error.cause instanceof Error ? error.cause : error);
  }
}

function ask(url: URL, request: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...request, signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
}

async function refusalOf(response: Response): Promise<string> {
  const text = await response.text();
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    if (error?.message !== undefined) return error.message;
  } catch {
    // A proxy's page, or what is no simulator.
  }
  return `it was answered with status ${response.status}`;
}

interface Progress {
  (done: number, file: string): void;
  end(): void;
}

/** A line that overwrites itself on a terminal; writes nothing when the output goes to a file. */
function progressLine(total: number): Progress {
  const isTerminal = process.stdout.isTTY;
  const show = (done: number, file: string): void => {
    if (!isTerminal) return;
    const width = Math.max(20, (process.stdout.columns ?? 80) - 1);
    const line = `${String(done).padStart(String(total).length)}/${total}  ${terminalLine(basename(file))}`;
    process.stdout.write(`\r${line.slice(0, width).padEnd(width)}`);
  };
  return Object.assign(show, { end: () => isTerminal && process.stdout.write('\r\x1b[K') });
}

function report(delivered: ReadonlyMap<string, number>, failures: readonly Failure[], seconds: number): void {
  const mails = (count: number): string => (count === 1 ? '1 mail' : `${count} mails`);
  for (const [to, count] of delivered) console.log(`${mails(count)} delivered to ${terminalLine(to)}`);
  for (const { file, reason } of failures) console.error(terminalText(`${file}: ${reason}`));
  const failed = failures.length === 0 ? '' : `, ${failures.length} failed`;
  const total = [...delivered.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${mails(total)} in ${seconds.toFixed(1)} s${failed}`);
  if (failures.length > 0) process.exitCode = 1;
}

try {
  await deliver();
} catch (error) {
  createProgress().fail(error);
  process.exitCode = 1;
}
