import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure, Goal } from '../figure.ts';
import { measureMailLatency } from '../measure/mail-latency.ts';
import { percentile } from '../measure/percentiles.ts';
import { warmUp } from '../stack/warm-up.ts';

const MAILBOXES = 200;
const MAILS_PER_SECOND = 20;
const SECONDS = 20;

/** From delivery at the mail server to the item in its queue, at 20 mails a second over 200 mailboxes. */
export const latency: BenchmarkCase = {
  name: 'latency',
  question: 'How long does a mail take from the mailbox to its queue?',
  steps: [
    { stack: 'poll', connected: MAILBOXES, run: (crowd, options) => run('polled', crowd, options) },
    {
      stack: 'push',
      connected: MAILBOXES,
      run: (crowd, options) => run('notified', crowd, options, { p50: { atMost: 100 }, p99: { atMost: 400 } }),
    },
  ],
};

async function run(
  how: string,
  { stack, accounts }: Crowd,
  { scale }: BenchOptions,
  goals: { readonly p50?: Goal; readonly p99?: Goal } = {},
): Promise<readonly Figure[]> {
  const some = accounts.slice(0, MAILBOXES);
  await warmUp(stack, some);
  const latencies = await measureMailLatency(stack, {
    accounts: some,
    mailsPerSecond: MAILS_PER_SECOND,
    seconds: Math.ceil(SECONDS * scale),
    timeoutMs: 60_000,
  });
  return [
    { what: `${how}, p50`, value: percentile(latencies, 0.5), unit: 'ms', ...(goals.p50 && { goal: goals.p50 }) },
    { what: `${how}, p95`, value: percentile(latencies, 0.95), unit: 'ms' },
    { what: `${how}, p99`, value: percentile(latencies, 0.99), unit: 'ms', ...(goals.p99 && { goal: goals.p99 }) },
    { what: `${how}, longest`, value: Math.max(...latencies), unit: 'ms' },
  ];
}
