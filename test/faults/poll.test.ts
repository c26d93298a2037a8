import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import pMap from 'p-map';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../chaos/network/tcp-proxy.ts';
import { enterSettings } from '../support/connect-account.ts';
import { connectMany } from '../support/connect-many.ts';
import { eventually } from '../support/eventually.ts';
import { sharesOfProcesses } from '../support/shares-of-processes.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const MAILBOXES = 200;
const POLL_SECONDS = 2;
const WORKERS = 2;
const POLLS_OF_A_WORKER = 8;
const MOST_SHARES_OF_A_WORKER = 11;
const PATIENCE = { timeoutMs: 90_000, intervalMs: 250 };

let stack: TestStack;
let temporal: TcpProxy;
let simulator: ReturnType<typeof createSimulatorControl>;
let ids: readonly string[];
const addressOf = (n: number) => `poll${n}@contoso.example`;

beforeAll(async () => {
  const [host, port] = inject('temporalAddress').split(':') as [string, string];
  temporal = await startTcpProxy({ host, port: Number(port) });
  const settings = {
    POLL_INTERVAL_SECONDS: String(POLL_SECONDS),
    WORKER_MAX_CONCURRENT_POLLS: String(POLLS_OF_A_WORKER),
    DATABASE_POOL_SIZE: '5',
  };
  stack = await startTestStack(settings, { temporalPort: temporal.port }, { workers: WORKERS });
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
  await simulator.addFault({ kind: 'validation-timeout' });
  ids = await connectMany(
    stack,
    Array.from({ length: MAILBOXES }, (_, n) => addressOf(n)),
  );
  // One of the two could not poll so many so often: the first that starts holds all shares for a moment.
  await eventually(async () => {
    const [most = 0, ...others] = await sharesOfProcesses(stack.db);
    expect(others).toHaveLength(WORKERS - 1);
    expect(most).toBeLessThanOrEqual(MOST_SHARES_OF_A_WORKER);
  }, PATIENCE);
  await proved();
});
afterAll(async () => {
  await stack.stop();
  await temporal.close();
});

/** Seconds since each mailbox was last proved to hold nothing new, the longest first. */
async function staleness(): Promise<number[]> {
  const rows = await stack.db
    .selectFrom('watches')
    .select(
      sql<number>`extract(epoch from clock_timestamp() - coalesce(current_at, '-infinity'))::float8`.as('seconds'),
    )
    .orderBy('currentAt', (order) => order.asc().nullsFirst())
    .execute();
  return rows.map(({ seconds }) => seconds);
}
/** Every mailbox is proved current. */
const proved = () =>
  eventually(async () => {
    const seconds = await staleness();
    expect(seconds).toHaveLength(MAILBOXES);
    expect(seconds[0]).toBeLessThan(POLL_SECONDS);
  }, PATIENCE);
const subjects = async () =>
  (await stack.db.selectFrom('messages').select('subject').execute()).map(({ subject }) => subject).sort();

describe('200 mailboxes that are polled every two seconds', () => {
  it('are never staler than that', async () => {
    let stalest = 0;
    for (const endsAt = Date.now() + 10_000; Date.now() < endsAt; await sleep(50)) {
      stalest = Math.max(stalest, (await staleness())[0] ?? 0);
    }
    expect(stalest).toBeLessThan(POLL_SECONDS);
  });

  it('are no herd after all workers were away: looks are bounded, and spread again', async () => {
    await stack.stopWorkers('SIGKILL');
    await stack.db
      .updateTable('watches')
      .set({ dueAt: new Date(Date.now() - 60_000) })
      .execute();
    await simulator.resetStats();
    await Promise.all(Array.from({ length: WORKERS }, () => stack.startWorker()));
    await proved();
    expect((await simulator.stats()).highestTogether).toBeLessThanOrEqual(WORKERS * POLLS_OF_A_WORKER);
    const { busiest } = await stack.db
      .selectFrom((due) =>
        due
          .selectFrom('watches')
          .select(sql<number>`count(*)`.as('looks'))
          .groupBy(sql`floor(extract(epoch from due_at) * 10)`)
          .as('slices'),
      )
      .select((select) => select.fn.max('slices.looks').as('busiest'))
      .executeTakeFirstOrThrow();
    // In no tenth of a second as much as a third of them.
    expect(busiest).toBeLessThan(MAILBOXES / 3);
  });

  it('have their mail while Temporal is away, also where more wait for it than may be looked at at a time', async () => {
    await temporal.cut();
    // Their walks have to begin anew, which is a workflow's work: ringing in vain takes nobody's place.
    const forgotten = Array.from({ length: 4 * WORKERS * POLLS_OF_A_WORKER }, (_, n) => n);
    await pMap(forgotten, (n) => simulator.loseSyncState(addressOf(n)), { concurrency: 4 });
    const others = ids.slice(forgotten.length).map((_, n) => n + forgotten.length);
    await pMap([...forgotten, ...others], (n) => simulator.deliver(addressOf(n), { subject: `Mail ${n}` }), {
      concurrency: 4,
    });
    const subjectsOf = (numbers: readonly number[]) => numbers.map((n) => `Mail ${n}`).sort();
    await eventually(async () => expect(await subjects()).toEqual(subjectsOf(others)), PATIENCE);
    const stalestOther = async () => {
      const { at } = await stack.db
        .selectFrom('watches')
        .where('accountId', 'in', ids.slice(forgotten.length))
        .select((select) => select.fn.min('currentAt').as('at'))
        .executeTakeFirstOrThrow();
      return at?.getTime() ?? 0;
    };
    for (let proofs = 0; proofs < 5; proofs++) {
      const before = Date.now();
      await eventually(async () => expect(await stalestOther()).toBeGreaterThan(before), PATIENCE);
      expect(Date.now() - before).toBeLessThan(2 * POLL_SECONDS * 1_000);
    }
    expect(await subjects()).toEqual(subjectsOf(others));

    await temporal.restore();
    await eventually(async () => expect(await subjects()).toEqual(subjectsOf([...forgotten, ...others])), PATIENCE);
    await proved();
  });
});
