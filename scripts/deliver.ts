import { globSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { terminalLine, terminalText } from '../domain/words/terminal-text.ts';
import { findSimulatorUrl } from './embedded/simulator-url.ts';

const USAGE = `Usage: npm run deliver -- FILES… --to ADDRESS [options]

Sends raw mails into a mailbox of the simulator. FILES: .eml files, folders of them, or patterns ("mail/**/*.eml").

  --to ADDRESS       the mailbox; made when it does not exist. Several: repeat it, the mails are dealt out in turn
  --simulator URL    when not given: SIMULATOR_URL, or that of the stack that runs here, or http://localhost:4000
  --folder NAME      inbox when not given: a well-known name, or a folder's display name
`;

/** Leaves the simulator half of its two cores, and roughly keeps the order of the files. */
const AT_ONCE = 4;

interface Failure {
  readonly file: string;
  readonly reason: string;
}

async function deliver(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      to: { type: 'string', multiple: true, default: [] },
      simulator: { type: 'string', default: findSimulatorUrl(process.env) },
      folder: { type: 'string', default: 'inbox' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (positionals.length === 0) throw new UsageError('Which files?');
  if (values.to.length === 0) throw new UsageError('To which mailbox? Give --to ADDRESS.');
  if (!URL.canParse(values.simulator)) throw new UsageError(`--simulator ${values.simulator} is no URL.`);
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

class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The mails that an argument matches, sorted by name. Throws when it matches none. */
function findMails(argument: string): string[] {
  const stats = statSync(argument, { throwIfNoEntry: false });
  if (stats?.isFile()) return [argument];
  const found = stats?.isDirectory()
    ? globSync('**/*.eml', { cwd: argument }).map((file) => join(argument, file))
    : globSync(argument).filter((file) => statSync(file).isFile());
  if (found.length > 0) return found.sort();
  throw new UsageError(stats ? `No .eml files in ${argument}.` : `There is no file ${argument}.`);
}

async function checkSimulator(simulator: string): Promise<void> {
  try {
    const response = await fetch(new URL('/control/limits', simulator));
    if (!response.ok) throw new UsageError(`${simulator} answers, but it is no simulator (status ${response.status}).`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`No simulator answers on ${simulator}. Start it with "npm run simulator" or "npm start".`);
  }
}

/** Why a mail could not be delivered; undefined when it was. */
async function deliverOne(simulator: string, folder: string, to: string, file: string): Promise<string | undefined> {
  try {
    const url = new URL(`/control/mailboxes/${encodeURIComponent(to)}/messages`, simulator);
    url.searchParams.set('folder', folder);
    const headers = { 'content-type': 'message/rfc822' };
    const response = await fetch(url, { method: 'POST', headers, body: await readFile(file) });
    if (response.status === 201) return undefined;
    const body = (await response.json()) as { error?: { message?: string } };
    return body.error?.message ?? `status ${response.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
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
  const isUsage = error instanceof UsageError || (error instanceof TypeError && 'code' in error);
  if (!isUsage) throw error;
  console.error(terminalText(`${error.message}\nHow it is used: npm run deliver -- --help`));
  process.exitCode = 2;
}
