import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { noteNotifications } from '../../database/ingest/watches.ts';
import { writeJsonFile } from '../../scripts/embedded/json-file.ts';
import { startServerProcess } from '../../scripts/embedded/server-process.ts';
import { projectFolder } from '../../scripts/embedded/stack-folder.ts';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { median } from '../measure/percentiles.ts';
import { measureStack, type StackUse } from '../measure/stack-meter.ts';
import { until } from '../measure/until.ts';
import { mixedRealMail } from '../real-mail.ts';
import { addAccounts, addressesOf, type BenchAccount } from '../stack/add-accounts.ts';
import { settleAccounts } from '../stack/settle-accounts.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';
import { wakeAccounts } from '../stack/wake-accounts.ts';

const MAILS = 10_000;
const MAILBOX_COUNTS = [1, 10, 100];
const ROUNDS = 3;
const PAGE_SIZE = 50;
/** The default of DATABASE_POOL_SIZE. */
const CONNECTIONS = 10;
const CAPTURED_WITHIN_MS = 300_000;

/**
 * Captures a backlog of connected mailboxes with all of Mailroom and copies it with a bare loop, in turns, on the same
 * stack and from the same delta links. The loop used for the ratio inserts the same rows, so it also reads attachments
 * and converts HTML to text; a second loop, which inserts only what pages hold, shows the cost of these two.
 */
export const capture: BenchmarkCase = {
  name: 'capture',
  question: 'How fast is a backlog captured, compared with a bare loop of fetch and insert?',
  steps: [{ stack: 'empty', connected: 0, run }],
};

async function run({ stack }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  // Consecutive runs on the same mailboxes would exceed Microsoft's limit of requests in ten minutes.
  // Each round begins at the first sync state again, however many pages were read since.
  await stack.simulator.call('PUT', '/limits', { requestsPerWindow: 1_000_000, deltaGenerationsKept: 1_000_000 });
  const figures: Figure[] = [];
  for (const mailboxes of MAILBOX_COUNTS) {
    const count = Math.max(1, Math.round((MAILS * scale) / mailboxes)) * mailboxes;
    const backlog = await prepare(stack, mailboxes, count);
    const rounds: Round[] = [];
    for (let n = 0; n < ROUNDS; n++) {
      rounds.push({
        ...(n === 0 && { pages: await copy(stack, backlog, false) }),
        bare: await copy(stack, backlog, true),
        full: await captureAll(stack, backlog),
      });
    }
    figures.push(...figuresOf(mailboxes, count, rounds), {
      what: `${named(mailboxes)}, PostgreSQL's size`,
      value: (await sizeOfMail(stack)) / 1_000 / count,
      unit: 'kB/mail',
    });
    await sql`truncate accounts cascade`.execute(stack.db);
  }
  await stack.simulator.call('DELETE', '/limits');
  return figures;
}

interface Backlog {
  readonly accounts: readonly (BenchAccount & { readonly link: string })[];
  readonly count: number;
}

interface Run {
  readonly seconds: number;
  /** Of all programs that took part. */
  readonly cpuSeconds: number;
  readonly use: StackUse;
}

interface Round {
  /** First round only: no ratio is computed from it. */
  readonly pages?: Run;
  readonly bare: Run;
  readonly full: Run;
}

/** Connects mailboxes whose workflows wait, then delivers mail without notifications. */
async function prepare(stack: BenchStack, mailboxes: number, count: number): Promise<Backlog> {
  const delivery = { push: false, captureFrom: new Date() };
  const added = await addAccounts(stack, addressesOf(`backlog-${mailboxes}`, mailboxes), delivery);
  await settleAccounts(stack, added, delivery);
  await wakeAccounts(stack, added);
  const cursors = await stack.db.selectFrom('cursors').select(['accountId', 'link']).execute();
  const linkOf = new Map(cursors.map(({ accountId, link }) => [accountId, link ?? '']));
  await stack.db.updateTable('watches').set({ dueAt: NOT_NOW }).execute();
  await deliver(stack, added, Math.round(count / mailboxes));
  return { accounts: added.map((account) => ({ ...account, link: linkOf.get(account.id) ?? '' })), count };
}

/** Delivers this many mails to each mailbox; where that is few, groups of mailboxes get different mails. */
async function deliver({ simulator }: BenchStack, accounts: readonly BenchAccount[], each: number): Promise<void> {
  const mails = mixedRealMail();
  for (let group = 0; group < Math.min(MAIL_GROUPS, accounts.length); group++) {
    const from = (group * mails.length) / MAIL_GROUPS;
    const members = accounts.filter((_, index) => index % MAIL_GROUPS === group);
    await simulator.deliverToEach(
      [...mails.slice(from), ...mails.slice(0, from)].slice(0, each),
      members.map(({ address }) => address),
      each,
    );
  }
}
const MAIL_GROUPS = 5;

/**
 * Resets to the state before the run: nothing captured, no poll due, every cursor before the backlog, and no work left
 * over from the previous run.
 */
async function rewind({ db }: BenchStack, { accounts }: Backlog): Promise<void> {
  await sql`truncate messages, captured cascade`.execute(db);
  await sql`delete from mailbox_budgets`.execute(db);
  await sql`
    update cursors set link = before.link, version = version + 1
    from unnest(${accounts.map(({ id }) => id)}::uuid[], ${accounts.map(({ link }) => link)}::text[])
      as before (account_id, link)
    where cursors.account_id = before.account_id
  `.execute(db);
  await db.updateTable('watches').set({ dueAt: NOT_NOW }).execute();
  await sql`checkpoint`.execute(db);
  await sleep(SETTLE_MS);
}
const SETTLE_MS = 1_000;
/** Disables polls; notifications are still answered. */
const NOT_NOW = sql<Date>`now() + interval '1 day'`;

async function captureAll(stack: BenchStack, backlog: Backlog): Promise<Run> {
  await rewind(stack, backlog);
  const finish = await measureStack(stack);
  const startedAt = performance.now();
  await noteNotifications(
    stack.db,
    backlog.accounts.map(({ id }) => id),
  );
  await untilCaptured(stack, backlog.count);
  const seconds = (performance.now() - startedAt) / 1_000;
  const resting = sql<{ count: number }>`select count(*) from mailbox_budgets where holder is not null`;
  await until('the drains have ended', async () => (await resting.execute(stack.db)).rows[0]?.count === 0, {
    timeoutMs: CAPTURED_WITHIN_MS,
  });
  const use = await finish();
  return { seconds, cpuSeconds: total(use), use };
}

const ASK_AT_MOST_EVERY_MS = 20;
const ASK_AT_LEAST_EVERY_MS = 500;

/**
 * Asks more often towards the end. Counting takes PostgreSQL a millisecond, which the bare loop, that reports its own end,
 * does not pay: fifty times a second would be a twentieth of a core.
 */
async function untilCaptured({ db }: BenchStack, count: number): Promise<void> {
  const startedAt = performance.now();
  for (;;) {
    const { rows } = await sql<{ captured: number }>`
      select (select count(*) from items) + (select count(*) from quarantine) as captured
    `.execute(db);
    const captured = rows[0]?.captured ?? 0;
    if (captured >= count) return;
    const elapsedMs = performance.now() - startedAt;
    if (elapsedMs > CAPTURED_WITHIN_MS) throw new Error(`${captured} of ${count} mails captured`);
    const leftMs = (elapsedMs * (count - captured)) / Math.max(captured, 1);
    await sleep(Math.min(Math.max(leftMs / 2, ASK_AT_MOST_EVERY_MS), ASK_AT_LEAST_EVERY_MS));
  }
}

async function copy(stack: BenchStack, backlog: Backlog, whole: boolean): Promise<Run> {
  await rewind(stack, backlog);
  const task = {
    simulatorUrl: stack.simulator.url,
    databaseUrl: stack.databaseUrl,
    queueId: stack.queueId,
    pageSize: PAGE_SIZE,
    connections: CONNECTIONS,
    whole,
    accounts: backlog.accounts,
  };
  const taskFile = join(stack.folder, 'bare-loop.json');
  writeJsonFile(taskFile, task);
  const finish = await measureStack(stack);
  const loop = await startServerProcess({
    name: 'Bare loop',
    command: process.execPath,
    args: ['bench/bare-loop.ts', taskFile],
    cwd: projectFolder,
    isNode: true,
  });
  const report = JSON.parse(await loop.untilLine(/^\{/)) as { messages: number; seconds: number; cpuSeconds: number };
  await loop.exited;
  const use = await finish();
  if (report.messages !== backlog.count) {
    throw new Error(`The bare loop copied ${report.messages} mails instead of ${backlog.count}`);
  }
  return { seconds: report.seconds, cpuSeconds: total(use) + report.cpuSeconds, use };
}

function figuresOf(mailboxes: number, count: number, rounds: readonly Round[]): Figure[] {
  const name = named(mailboxes);
  const rate = (of: keyof Round) =>
    median(rounds.flatMap((round) => round[of]?.seconds ?? []).map((seconds) => count / seconds));
  const cpuMs = (of: keyof Round) =>
    median(rounds.flatMap((round) => round[of]?.cpuSeconds ?? []).map((cpuSeconds) => (1_000 * cpuSeconds) / count));
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
    {
      what: `${name}, Mailroom to bare loop by CPU`,
      value: median(rounds.map(({ full, bare }) => bare.cpuSeconds / full.cpuSeconds)),
      unit: '',
    },
    { what: `${name}, CPU of Mailroom with all servers`, value: cpuMs('full'), unit: 'ms/mail' },
    { what: `${name}, CPU of the bare loop with its servers`, value: cpuMs('bare'), unit: 'ms/mail' },
    { what: `${name}, CPU of the worker`, value: partMs('worker'), unit: 'ms/mail' },
    { what: `${name}, CPU of PostgreSQL`, value: partMs('postgres'), unit: 'ms/mail' },
    { what: `${name}, CPU of Temporal`, value: partMs('temporal'), unit: 'ms/mail' },
  ];
}

const named = (mailboxes: number) => `${mailboxes} ${mailboxes === 1 ? 'mailbox' : 'mailboxes'}`;

/** Bytes of the captured mail at the moment, with indexes. */
async function sizeOfMail({ db }: BenchStack): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select sum(pg_total_relation_size(name::regclass))::bigint as bytes
    from unnest(array['messages', 'captured', 'items', 'attachments']) as name
  `.execute(db);
  return rows[0]?.bytes ?? Number.NaN;
}

function total({ cpuSeconds }: StackUse): number {
  return Object.values(cpuSeconds).reduce((sum, each) => sum + each, 0);
}
