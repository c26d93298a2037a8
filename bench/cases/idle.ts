import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { countHistoryEvents } from '../measure/history-events.ts';
import { measureStack } from '../measure/stack-meter.ts';
import { until } from '../measure/until.ts';
import { spreadPolls } from '../stack/settle-accounts.ts';
import { parts } from '../stack/start-bench-stack.ts';

const SECONDS = 20;
const SETTLED_WITHIN_MS = 120_000;
const POLLED_WITHIN_MS = 300_000;

/** The cost of mailboxes without mail. */
export const idle: BenchmarkCase = {
  name: 'idle',
  question: 'What do connected mailboxes cost while nothing happens?',
  steps: [
    { stack: 'poll', connected: 1_000, run: (crowd, options) => run(crowd, options, 'polled') },
    { stack: 'push', connected: 1_000, run: (crowd, options) => run(crowd, options, 'notified') },
    { stack: 'push', connected: 10_000, run: (crowd, options) => run(crowd, options, 'notified') },
  ],
};

async function run(
  { stack, accounts }: Crowd,
  { scale }: BenchOptions,
  how: 'polled' | 'notified',
): Promise<readonly Figure[]> {
  await pollEach({ stack, accounts }, how);
  await settle({ stack, accounts }, (2 * accounts.length) / (how === 'polled' ? 17 : 510) + 5);
  const eventsBefore = await countHistoryEvents(stack, accounts);
  const finish = await measureStack(stack);
  await sleep(SECONDS * 1_000 * scale);
  const use = await finish();
  const events = (await countHistoryEvents(stack, accounts)) - eventsBefore;
  const polledAgo = await longestSincePoll({ stack, accounts });

  const name = `${accounts.length} ${how}`;
  const perMinute = (value: number) => (value * 60) / use.seconds;
  const together = Object.values(use.cpuSeconds).reduce((sum, each) => sum + each, 0) - use.cpuSeconds.simulator;
  const isTheGoal = how === 'notified' && accounts.length === 10_000;
  return [
    ...parts.map((part) => ({
      what: `${name}, CPU of ${part}`,
      value: perMinute(use.cpuSeconds[part]),
      unit: 's/min',
    })),
    {
      what: `${name}, CPU together, without the simulator`,
      value: (100 * together) / use.seconds,
      unit: '% of a core',
      ...(isTheGoal && { goal: { atMost: 5 } }),
    },
    ...parts.map((part) => ({
      what: `${name}, memory of ${part}`,
      value: use.memoryBytes[part] / 1e6,
      unit: 'MB',
      ...(isTheGoal && part === 'worker' && { goal: { atMost: 1_000 } }),
    })),
    { what: `${name}, requests to Microsoft`, value: perMinute(use.requests), unit: '/min' },
    { what: `${name}, rows written`, value: perMinute(use.rowsWritten), unit: '/min' },
    { what: `${name}, history events`, value: perMinute(events), unit: '/min' },
    {
      what: `${name}, longest since a poll`,
      value: polledAgo,
      unit: 's',
      ...(how === 'polled' && { goal: { atMost: 20 } }),
    },
  ];
}

/**
 * Polls each mailbox once, and spreads the next polls again. A mailbox's first poll after the start of a worker takes its
 * token from the database, which costs three times the poll; the later ones do not.
 */
async function pollEach({ stack, accounts }: Crowd, how: 'polled' | 'notified'): Promise<void> {
  const { db } = stack;
  const { rows } = await sql<{ now: Date }>`select now()`.execute(db);
  // Not the mailbox whose backlog has used up what Microsoft allows: it waits for minutes.
  const before = sql`state = 'polling' and current_at < ${rows[0]?.now} and not_before <= now()`;
  const left = sql<{ count: number }>`select count(*) as count from watches where ${before}`;
  const isDone = async () => {
    // Repeatedly: a poll that was under way moves its mailbox on when it ends.
    await sql`update watches set due_at = now() where ${before} and due_at > now()`.execute(db);
    return (await left.execute(db)).rows[0]?.count === 0;
  };
  await until('each mailbox was polled', isDone, { timeoutMs: POLLED_WITHIN_MS, everyMs: 500 });
  await spreadPolls(db, accounts, { push: how === 'notified' });
}

/** Seconds. */
async function longestSincePoll({ stack }: Crowd): Promise<number> {
  const { rows } = await sql<{ seconds: number }>`
    select extract(epoch from max(now() - current_at))::float8 as seconds from watches where state = 'polling'
  `.execute(stack.db);
  return rows[0]?.seconds ?? Number.NaN;
}

/** Waits until no drain runs and no more mailboxes are due than usual: about twice those of a second. */
async function settle({ stack }: Crowd, usuallyDue: number): Promise<void> {
  const busy = sql<{ count: number }>`
    select (select count(*) from watches where due_at <= now() + interval '1 second')
      + (select count(*) from mailbox_budgets where holder is not null) as count
  `;
  await until('the mailboxes rest', async () => ((await busy.execute(stack.db)).rows[0]?.count ?? 0) < usuallyDue, {
    timeoutMs: SETTLED_WITHIN_MS,
    everyMs: 500,
  });
  await sleep(2_000);
}
