import { sql } from 'kysely';
import type { BenchmarkCase, BenchOptions, Crowd } from '../benchmark-case.ts';
import type { Figure } from '../figure.ts';
import { until } from '../measure/until.ts';
import { mixedRealMail } from '../real-mail.ts';
import { createSimulatedMachine, type SimulatedMachine } from '../stack/simulated-machine.ts';
import type { BenchStack } from '../stack/start-bench-stack.ts';

const WORKERS = [1, 2, 4];
/** Share of a core for each worker: four of them leave enough of two cores to the servers that they share. */
const CORES_OF_A_MACHINE = 0.2;
const MAILBOXES = 100;
/** For each worker: runs take equally long if the work is shared evenly. */
const MAILS_OF_A_WORKER = 2_000;
/** Captured at full speed before the measurement: a young process is still compiling its code. */
const WARM_UP_MAILS_OF_A_WORKER = 1_000;
const CAPTURED_WITHIN_MS = 120_000;
const READER_SHARES = 16;
const SPREAD_WITHIN_MS = 60_000;
/** Share of the mails: earlier ones measure the wake-up, later ones the last mailbox. */
const MEASURED = { from: 0.15, to: 0.85 };

/**
 * Whether twice as many workers capture twice as much. Each worker has a simulated machine, so that they do not compete
 * for this machine's cores; the servers, which they share, have enough CPU.
 */
export const workers: BenchmarkCase = {
  name: 'workers',
  question: 'Do two and four workers capture twice and four times as much as one?',
  steps: [{ stack: 'push', connected: MAILBOXES, run }],
};

async function run({ stack, accounts }: Crowd, { scale }: BenchOptions): Promise<readonly Figure[]> {
  const addresses = accounts.slice(0, MAILBOXES).map(({ address }) => address);
  const rates = new Map<number, number>();
  await stack.simulator.call('PUT', '/limits', { requestsPerWindow: 1_000_000 });
  try {
    for (const count of WORKERS) {
      await stack.stopWorkers('SIGTERM');
      const machines: SimulatedMachine[] = [];
      try {
        for (let n = 0; n < count; n++) await stack.startWorker();
        await untilSharesAreSpread(stack, count);
        await measureRate(stack, addresses, share(WARM_UP_MAILS_OF_A_WORKER * count * scale));
        for (const [n, { pid }] of stack.processesOf('worker').entries()) {
          const machine = createSimulatedMachine(`worker-${n}`, CORES_OF_A_MACHINE);
          if (machine === undefined) return [];
          machines.push(machine);
          machine.add(pid);
        }
        rates.set(count, await measureRate(stack, addresses, share(MAILS_OF_A_WORKER * count * scale)));
      } finally {
        await stack.stopWorkers('SIGTERM');
        await Promise.all(machines.map((machine) => machine.remove()));
      }
    }
  } finally {
    await stack.simulator.call('DELETE', '/limits');
    await stack.startWorker();
  }
  const one = rates.get(1) ?? Number.NaN;
  return [...rates].flatMap(([count, rate]) => [
    { what: `${count} ${count === 1 ? 'worker' : 'workers'} of a fifth of a core`, value: rate, unit: 'mails/s' },
    ...(count === 1
      ? []
      : [
          {
            what: `${count} workers, to ${count} times one`,
            value: rate / (count * one),
            unit: '',
            goal: { atLeast: 0.9 },
          },
        ]),
  ]);
}

/** Readers move within seconds to a worker that joins: waits until each has as many shares as the others. */
async function untilSharesAreSpread({ db }: BenchStack, count: number): Promise<void> {
  const held = sql<{ least: number; processes: number }>`
    select coalesce(min(shares), 0)::integer as least, count(*)::integer as processes from (
      select count(*) as shares from pg_locks where locktype = 'advisory' and objsubid = 2 and granted group by pid
    ) as holders
  `;
  const least = Math.floor(READER_SHARES / count);
  await until(
    `${count} workers with as many shares each`,
    async () => {
      const row = (await held.execute(db)).rows[0];
      return row?.processes === count && row.least >= least;
    },
    { timeoutMs: SPREAD_WITHIN_MS, everyMs: 200 },
  );
}

/** How many of these mails each mailbox gets. */
function share(mails: number): number {
  return Math.max(1, Math.round(mails / MAILBOXES));
}

/** Mails captured per second, from a backlog delivered to all mailboxes at once; returns when all are captured. */
async function measureRate(stack: BenchStack, addresses: readonly string[], each: number): Promise<number> {
  const count = addresses.length * each;
  const before = await countItems(stack);
  const seen: { readonly at: number; readonly captured: number }[] = [];
  await stack.simulator.deliverToEach(mixedRealMail(), addresses, each);
  await until(
    `${count} mails captured`,
    async () => {
      const captured = (await countItems(stack)) - before;
      seen.push({ at: performance.now(), captured });
      return captured >= count;
    },
    { timeoutMs: CAPTURED_WITHIN_MS, everyMs: 50 },
  );
  const first = seen.find(({ captured }) => captured >= count * MEASURED.from);
  const last = seen.find(({ captured }) => captured >= count * MEASURED.to);
  if (first === undefined || last === undefined) return Number.NaN;
  return (1_000 * (last.captured - first.captured)) / (last.at - first.at);
}

async function countItems({ db }: BenchStack): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from items) + (select count(*) from quarantine) as count
  `.execute(db);
  return rows[0]?.count ?? 0;
}
