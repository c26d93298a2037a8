import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REQUESTS_IN_TEN_MINUTES } from '../../database/ingest/mailbox-budgets.ts';
import { UNPAID_REQUESTS_A_MINUTE } from '../../domain/schedule.ts';
import { createClientState } from '../../encryption/client-state.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { keysOf } from '../support/connect-many.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const PATIENCE = { timeoutMs: 120_000, intervalMs: 200 };

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;

beforeAll(async () => {
  stack = await startTestStack({ DELTA_PAGE_SIZE: '25' }, {}, { workers: 3 });
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
});
afterAll(() => stack.stop());

/** A mailbox is asked every second; the rest is for a busy machine. */
const NOTICED_AFTER_MS = 6_000;
const BACKLOG = 60;
const MORE_THAN_POLLS_READ = 2 * UNPAID_REQUESTS_A_MINUTE;
const ROUNDS = 6;

/** Notifies of these accounts, as Microsoft does. */
async function ring(ids: readonly string[]): Promise<void> {
  const value = ids.map((id) => ({ clientState: createClientState(keysOf(stack), id), subscriptionId: 'x' }));
  const { status } = await fetch(`${stack.mailroom.url}/graph/notifications`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ value }),
  });
  expect(status).toBe(202);
}

interface Account {
  readonly state: string;
  readonly condition: { readonly type: string; readonly reason: string; readonly until: string | null } | null;
}

const account = (id: string) => stack.mailroom.get<Account>(`/email/accounts/${id}`);
const subjectsOf = async (id: string) =>
  (await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute()).map(
    ({ subject }) => subject,
  );
const arrived = (id: string, count: number) =>
  eventually(async () => expect(new Set(await subjectsOf(id)).size).toBe(count), PATIENCE);

describe('a mailbox that everybody wants something of at once', () => {
  it('never has more than four requests in flight, whichever process is killed', async () => {
    const addresses = ['pushed@contoso.example', 'polled@contoso.example'];
    const pushed = await connectAccount(stack, 'pushed@contoso.example');
    await simulator.addFault({ kind: 'validation-timeout', mailbox: 'polled@contoso.example' });
    const polled = await connectAccount(stack, 'polled@contoso.example');
    const ids = [pushed, polled];
    await simulator.resetStats();
    // Headers are asked for message by message, so that a drain has as many requests in flight as it may.
    await simulator.addFault({ kind: 'missing-headers' });
    // Longer than it takes until the next look is due.
    await simulator.addFault({ kind: 'slow', delayMs: 900 });
    await simulator.addFault({ kind: 'duplicate-notifications', probability: 0.5, seed: 3 });
    for (const address of addresses) await simulator.deliverMany(address, BACKLOG, 'Backlog {n}');

    for (let round = 1; round <= ROUNDS; round++) {
      for (const [n, id] of ids.entries()) {
        await simulator.deliver(addresses[n] as string, { subject: `Round ${round}` });
        await stack.mailroom.post(`/email/accounts/${id}/completeness`);
      }
      // Also for the one that is polled: doorbells, looks and a drain at the same time.
      await ring(ids);
      if (round % 2 === 0) {
        await stack.stopWorker(round === 4 ? 'SIGTERM' : 'SIGKILL');
        await stack.startWorker();
      }
    }
    for (const id of ids) await arrived(id, BACKLOG + ROUNDS);
    for (const id of ids) expect(await subjectsOf(id)).toHaveLength(BACKLOG + ROUNDS);

    const { mailboxes, statuses } = await simulator.stats();
    expect(statuses['429'] ?? 0).toBe(0);
    for (const address of addresses) {
      expect(mailboxes[address]).toMatchObject({ throttled: 0 });
      expect(mailboxes[address]?.highestConcurrency).toBeLessThanOrEqual(4);
      // Otherwise nothing was proved.
      expect(mailboxes[address]?.highestConcurrency).toBeGreaterThanOrEqual(3);
    }
    await simulator.clearFaults();
  });
});

describe('a mailbox that used up its requests', () => {
  it('waits until a time that it shows, goes on by itself, and no other mailbox notices', async () => {
    const spent = await connectAccount(stack, 'spent@contoso.example');
    const other = await connectAccount(stack, 'thrifty@contoso.example');
    await eventually(async () => {
      const row = await stack.db.selectFrom('mailboxBudgets').select('holder').where('accountId', '=', spent).execute();
      expect(row).toEqual([{ holder: null }]);
    }, PATIENCE);
    // All of them ten minutes ago: they stop to count when the minute is over.
    await stack.db
      .updateTable('mailboxBudgets')
      .set({
        requests: [...Array(10).fill(0), REQUESTS_IN_TEN_MINUTES],
        minute: sql`floor(extract(epoch from now()) / 60)::bigint`,
      })
      .where('accountId', '=', spent)
      .execute();
    // A request for each of them: more than the polls of a minute have beside the budget.
    await simulator.addFault({ kind: 'missing-headers', mailbox: 'spent@contoso.example' });
    await simulator.deliverMany('spent@contoso.example', MORE_THAN_POLLS_READ, 'Later {n}');
    await simulator.deliver('thrifty@contoso.example', { subject: 'at once' });
    const { condition } = await eventually(async () => {
      const shown = await account(spent);
      expect(shown).toMatchObject({
        state: 'authenticated',
        condition: { type: 'Throttled', reason: 'budget-used-up', until: expect.any(String) },
      });
      return shown;
    }, PATIENCE);
    expect(Date.parse(condition?.until ?? '')).toBeLessThan(Date.now() + 60_000);
    await arrived(other, 1);
    expect((await account(other)).condition).toBeNull();
    expect((await subjectsOf(spent)).length).toBeLessThan(MORE_THAN_POLLS_READ);

    await arrived(spent, MORE_THAN_POLLS_READ);
    await eventually(async () => expect((await account(spent)).condition).toBeNull(), PATIENCE);
  });

  it('waits as long as Microsoft says, too, and no other mailbox notices', async () => {
    const busy = await connectAccount(stack, 'busy@contoso.example');
    const quiet = await connectAccount(stack, 'quiet@contoso.example');
    await simulator.call('PUT', '/limits', { requestsPerWindow: 60, windowSeconds: 5 });
    await simulator.addFault({ kind: 'missing-headers', mailbox: 'busy@contoso.example' });
    await simulator.resetStats();
    await simulator.deliverMany('busy@contoso.example', 150, 'Many {n}');
    await eventually(
      async () =>
        expect((await account(busy)).condition).toMatchObject({ type: 'Throttled', until: expect.any(String) }),
      { ...PATIENCE, intervalMs: 50 },
    );
    const deliveredAt = performance.now();
    await simulator.deliver('quiet@contoso.example', { subject: 'not throttled' });
    await arrived(quiet, 1);
    expect(performance.now() - deliveredAt).toBeLessThan(NOTICED_AFTER_MS);
    expect((await subjectsOf(busy)).length).toBeLessThan(150);
    await simulator.call('DELETE', '/limits');
    await arrived(busy, 150);
    await eventually(async () => expect((await account(busy)).condition).toBeNull(), PATIENCE);
    const { mailboxes } = await simulator.stats();
    expect(mailboxes['quiet@contoso.example']).toMatchObject({ throttled: 0 });
  });
});
