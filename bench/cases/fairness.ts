import { sql } from 'kysely';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { measureMailLatency } from '../measure/mail-latency.ts';
import { percentile } from '../measure/percentiles.ts';
import { until } from '../measure/until.ts';
import { everydayMail } from '../real-mail.ts';
import { addAccounts } from '../stack/add-accounts.ts';
import { startWorkflows } from '../stack/start-workflows.ts';
import { warmUp } from '../stack/warm-up.ts';

/** Takes minutes; once the other mailboxes are measured, the rest is dropped with its mailbox. */
const BACKLOG = 100_000;
const OTHERS = 50;
const SECONDS = 15;
const SMALL_BYTES = 4_000;
const BUSY = 'backlog@contoso.example';

/** Whether a mailbox with a backlog delays the mail of the other mailboxes. */
export const fairness: BenchmarkCase = {
  name: 'fairness',
  question: 'Does one mailbox with a backlog delay the others?',
  steps: [{ stack: 'push', connected: OTHERS, run }],
};

async function run({ stack, accounts }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  const flow = {
    accounts: accounts.slice(0, OTHERS),
    mailsPerSecond: 10,
    seconds: Math.ceil(SECONDS * scale),
    timeoutMs: 120_000,
  };
  const captureFrom = new Date(Date.now() - 60_000);
  const small = everydayMail().filter(({ length }) => length <= SMALL_BYTES);
  const backlog = Math.round(BACKLOG * scale);
  await stack.simulator.deliverToEach(small, [BUSY], backlog);
  await warmUp(stack, flow.accounts);
  const without = await measureMailLatency(stack, flow);

  const [busy] = await addAccounts(stack, [BUSY], { push: false, captureFrom });
  if (!busy) throw new Error('The busy mailbox was not added');
  const countCaptured = async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*) from items where account_id = ${busy.id}
    `.execute(stack.db);
    return rows[0]?.count ?? 0;
  };
  await startWorkflows(stack, [busy]);
  await until('the backlog is being captured', async () => (await countCaptured()) > 0, { timeoutMs: 30_000 });
  const withBacklog = await measureMailLatency(stack, flow);
  const captured = await countCaptured();
  await stack.mailboxes.remove(busy, { actor: 'cli' });
  return [
    { what: `others, p50, without a backlog`, value: percentile(without, 0.5), unit: 'ms' },
    { what: `others, p99, without a backlog`, value: percentile(without, 0.99), unit: 'ms' },
    { what: `others, p50, beside a backlog`, value: percentile(withBacklog, 0.5), unit: 'ms' },
    { what: `others, p99, beside a backlog`, value: percentile(withBacklog, 0.99), unit: 'ms' },
    { what: `of ${backlog}, captured meanwhile`, value: captured, unit: 'mails' },
  ];
}
