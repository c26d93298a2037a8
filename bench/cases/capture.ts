import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { median } from '../measure/percentiles.ts';
import { measureStack, type StackUse } from '../measure/stack-meter.ts';
import { until } from '../measure/until.ts';
import { mixedRealMail } from '../real-mail.ts';
import { addAccounts, addressesOf } from '../stack/add-accounts.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';
import { startWorkflows } from '../stack/start-workflows.ts';

const MAILS = 10_000;
const MAILBOX_COUNTS = [1, 10, 100];
const ROUNDS = 2;
const PAGE_SIZE = 50;
/** The default of DATABASE_POOL_SIZE. */
const CONNECTIONS = 10;
const CAPTURED_WITHIN_MS = 300_000;

/**
 * A backlog, captured by all of Mailroom and copied by a bare loop, in turns on the same stack. The loop that is compared
 * with inserts the same rows, so it also asks for the attachments and makes text of HTML; a second loop, which only
 * inserts what pages hold, shows what these two cost.
 */
export const capture: BenchmarkCase = {
  name: 'capture',
  question: 'How fast is a backlog captured, compared with a bare loop of fetch and insert?',
  steps: [{ stack: 'empty', connected: 0, run }],
};

async function run({ stack }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  // Runs one after another on the same mailboxes would meet the limit of requests in ten minutes, which is Microsoft's.
  await stack.simulator.call('PUT', '/limits', { requestsPerWindow: 1_000_000, concurrentRequests: 100 });
  const figures: Figure[] = [];
  for (const mailboxes of MAILBOX_COUNTS) {
    const count = Math.max(mailboxes, Math.round(MAILS * scale));
    const backlog = { addresses: addressesOf(`backlog-${mailboxes}`, mailboxes), count, since: secondsAgo(60) };
    await stack.simulator.deliverRound(mixedRealMail(), backlog.addresses, count);
    const rounds: Round[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      rounds.push({
        pages: await copy(stack, backlog, false),
        bare: await copy(stack, backlog, true),
        full: await captureAll(stack, backlog),
      });
    }
    figures.push(...figuresOf(mailboxes, count, rounds));
  }
  await stack.simulator.call('DELETE', '/limits');
  return figures;
}

interface Backlog {
  readonly addresses: readonly string[];
  readonly count: number;
  readonly since: Date;
}

interface Run {
  readonly seconds: number;
  /** Of everything that took part. */
  readonly cpuSeconds: number;
  readonly use: StackUse;
}

interface Round {
  readonly pages: Run;
  readonly bare: Run;
  readonly full: Run;
}

async function captureAll(stack: BenchStack, { addresses, count, since }: Backlog): Promise<Run> {
  await clear(stack);
  const accounts = await addAccounts(stack, addresses, { push: false, captureFrom: since });
  const finish = await measureStack(stack);
  const startedAt = performance.now();
  await startWorkflows(stack, accounts);
  await until(
    `${count} mails captured`,
    async () => {
      const { rows } = await sql<{ count: number }>`
        select (select count(*) from items) + (select count(*) from quarantine) as count
      `.execute(stack.db);
      return (rows[0]?.count ?? 0) >= count;
    },
    { timeoutMs: CAPTURED_WITHIN_MS, everyMs: 20 },
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const use = await finish();
  return { seconds, cpuSeconds: total(use), use };
}

async function copy(stack: BenchStack, { addresses, count, since }: Backlog, whole: boolean): Promise<Run> {
  await clear(stack);
  const accounts = await addAccounts(stack, addresses, { push: false, captureFrom: since });
  const task = {
    simulatorUrl: stack.simulator.url,
    databaseUrl: stack.databaseUrl,
    queueId: stack.queueId,
    pageSize: PAGE_SIZE,
    connections: CONNECTIONS,
    receivedSince: since,
    whole,
    accounts,
  };
  const finish = await measureStack(stack);
  const loop = await startServerProcess({
    name: 'Bare loop',
    command: process.execPath,
    args: ['bench/bare-loop.ts'],
    cwd: projectFolder,
    env: { PATH: process.env.PATH, BARE_LOOP: JSON.stringify(task) },
    isNode: true,
  });
  const report = JSON.parse(await loop.untilLine(/^\{/)) as { messages: number; seconds: number; cpuSeconds: number };
  await loop.exited;
  const use = await finish();
  if (report.messages !== count) throw new Error(`The bare loop copied ${report.messages} mails instead of ${count}`);
  return { seconds: report.seconds, cpuSeconds: total(use) + report.cpuSeconds, use };
}

/** Everything of accounts; their workflows find them removed. Settles, so that no run pays for the one before. */
async function clear({ db }: BenchStack): Promise<void> {
  await sql`truncate accounts cascade`.execute(db);
  await sql`checkpoint`.execute(db);
  await sleep(SETTLE_MS);
}
const SETTLE_MS = 1_000;

function figuresOf(mailboxes: number, count: number, rounds: readonly Round[]): Figure[] {
  const name = `${mailboxes} ${mailboxes === 1 ? 'mailbox' : 'mailboxes'}`;
  const rate = (of: keyof Round) => median(rounds.map((round) => count / round[of].seconds));
  const cpuMs = (of: keyof Round) => median(rounds.map((round) => (1_000 * round[of].cpuSeconds) / count));
  const partMs = (part: keyof StackUse['cpuSeconds']) =>
    median(rounds.map(({ full }) => (1_000 * full.use.cpuSeconds[part]) / count));
  return [
    { what: `${name}, Mailroom`, value: rate('full'), unit: 'mails/s' },
    { what: `${name}, bare loop, same rows`, value: rate('bare'), unit: 'mails/s' },
    { what: `${name}, bare loop, pages only`, value: rate('pages'), unit: 'mails/s' },
    {
      what: `${name}, Mailroom to bare loop`,
      value: median(rounds.map(({ full, bare }) => bare.seconds / full.seconds)),
      unit: '',
      goal: { atLeast: 0.8 },
    },
    { what: `${name}, CPU of Mailroom with all servers`, value: cpuMs('full'), unit: 'ms/mail' },
    { what: `${name}, CPU of the bare loop with its servers`, value: cpuMs('bare'), unit: 'ms/mail' },
    { what: `${name}, CPU of the worker`, value: partMs('worker'), unit: 'ms/mail' },
    { what: `${name}, CPU of PostgreSQL`, value: partMs('postgres'), unit: 'ms/mail' },
    { what: `${name}, CPU of Temporal`, value: partMs('temporal'), unit: 'ms/mail' },
  ];
}

function total({ cpuSeconds }: StackUse): number {
  return Object.values(cpuSeconds).reduce((sum, each) => sum + each, 0);
}

function secondsAgo(seconds: number): Date {
  return new Date(Date.now() - seconds * 1_000);
}
