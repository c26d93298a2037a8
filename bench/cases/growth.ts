import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { countHistoryEvents } from '../measure/history-events.ts';
import { measureMailLatency } from '../measure/mail-latency.ts';
import { percentile } from '../measure/percentiles.ts';
import { measureStack, type StackUse } from '../measure/stack-meter.ts';
import { parts } from '../stack/start-bench-stack.ts';
import { warmUp } from '../stack/warm-up.ts';

/** Low enough for a machine with other load to keep up: waiting costs CPU, too. */
const MAILS_PER_SECOND = 10;
const SECONDS = 15;
const IDLE_SECONDS = 10;
/** Mails go to different mailboxes as long as there are enough. */
const MAILBOXES_WITH_MAIL = MAILS_PER_SECOND * SECONDS;

/** Whether the cost of a mail grows with the number of connected mailboxes. */
export const growth: BenchmarkCase = {
  name: 'growth',
  question: 'What does a mail cost, with few and with many mailboxes connected?',
  steps: [100, 1_000, 10_000].map((connected) => ({ stack: 'push' as const, connected, run })),
};

async function run({ stack, accounts }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  await warmUp(stack, accounts.slice(0, MAILBOXES_WITH_MAIL));
  const finishIdle = await measureStack(stack);
  await sleep(IDLE_SECONDS * 1_000 * scale);
  const idle = await finishIdle();
  const withMail = accounts.slice(0, MAILBOXES_WITH_MAIL);
  const eventsBefore = await countHistoryEvents(stack, withMail);
  const finish = await measureStack(stack);
  const latencies = await measureMailLatency(stack, {
    accounts: withMail,
    mailsPerSecond: MAILS_PER_SECOND,
    seconds: Math.ceil(SECONDS * scale),
    timeoutMs: 120_000,
  });
  const use = await finish();
  const events = (await countHistoryEvents(stack, withMail)) - eventsBefore;

  /** Cost of the mails alone: the idle cost of the connected mailboxes is subtracted. */
  const perMail = (of: (use: StackUse) => number) =>
    (of(use) - (of(idle) / idle.seconds) * use.seconds) / latencies.length;
  const name = `${accounts.length} connected`;
  return [
    ...parts
      .filter((part) => part !== 'simulator')
      .map((part) => ({
        what: `${name}, CPU of ${part}`,
        value: 1_000 * perMail(({ cpuSeconds }) => cpuSeconds[part]),
        unit: 'ms/mail',
      })),
    {
      what: `${name}, CPU together, without the simulator`,
      value:
        1_000 * perMail(({ cpuSeconds: { simulator, ...ours } }) => Object.values(ours).reduce((a, b) => a + b, 0)),
      unit: 'ms/mail',
    },
    { what: `${name}, requests to Microsoft`, value: perMail(({ requests }) => requests), unit: '/mail' },
    { what: `${name}, rows written`, value: perMail(({ rowsWritten }) => rowsWritten), unit: '/mail' },
    { what: `${name}, transactions`, value: perMail(({ transactions }) => transactions), unit: '/mail' },
    { what: `${name}, history events`, value: events / latencies.length, unit: '/mail' },
    { what: `${name}, latency p50`, value: percentile(latencies, 0.5), unit: 'ms' },
    { what: `${name}, latency p99`, value: percentile(latencies, 0.99), unit: 'ms' },
  ];
}
