import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const MESSAGES = 2_000;
const PATIENCE = { timeoutMs: 120_000, intervalMs: 200 };

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;

beforeEach(async () => {
  stack = await startTestStack({ DELTA_PAGE_SIZE: '25' });
  simulator = createSimulatorControl(stack.simulatorUrl);
});
afterEach(() => stack.stop());

const subjects = async () =>
  (await stack.db.selectFrom('messages').select('subject').execute()).map((row) => row.subject);
const captured = async () => (await subjects()).length;
const expected = Array.from({ length: MESSAGES }, (_, index) => `Message ${index + 1}`).sort();

/** Connects a mailbox with a backlog that arrived after connecting, and waits until its drain is in the middle. */
async function beginDrain(): Promise<void> {
  await enterSettings(stack);
  // The whole backlog would take minutes, until the test has killed what it wants to and lets it go on.
  await simulator.addFault({ kind: 'slow', delayMs: 1_000, endpoint: 'delta' });
  const id = await connectAccount(stack, 'busy@contoso.example');
  await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
  await simulator.deliverMany('busy@contoso.example', MESSAGES, 'Message {n}');
  await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true, resume: 'catch-up' });
  await eventually(async () => expect(await captured()).toBeGreaterThan(50), PATIENCE);
}

async function expectEachOnce(): Promise<void> {
  expect(await captured()).toBeLessThan(MESSAGES);
  await simulator.clearFaults();
  await eventually(async () => expect(await captured()).toBe(MESSAGES), PATIENCE);
  expect((await subjects()).sort()).toEqual(expected);
  const { items } = await stack.db
    .selectFrom('items')
    .select((select) => select.fn.countAll<number>().as('items'))
    .executeTakeFirstOrThrow();
  expect(items).toBe(MESSAGES);
}

describe('a drain of 2,000 messages', () => {
  it('ends with every message once when its worker is killed again and again', async () => {
    await beginDrain();
    for (const pauseMs of [0, 300, 700]) {
      await sleep(pauseMs);
      await stack.stopWorkers('SIGKILL');
      await stack.startWorker();
    }
    await expectEachOnce();
  });

  it('ends with every message once when everything is killed', async () => {
    await beginDrain();
    await stack.killEverything();
    await stack.startEverything();
    await expectEachOnce();
  });

  it('ends with every message once when two workers share the work and one is killed', async () => {
    await stack.startWorker();
    await beginDrain();
    await stack.stopWorkers('SIGKILL');
    await Promise.all([stack.startWorker(), stack.startWorker()]);
    await expectEachOnce();
  });
});

describe('disabling an account', () => {
  it('takes effect on the next message, however long a drain is running', async () => {
    await beginDrain();
    const [account] = (await stack.mailroom.get<{ accounts: { id: string }[] }>('/email/accounts')).accounts;
    await stack.mailroom.patch(`/email/accounts/${account?.id}`, { enabled: false });
    const atThatMoment = await captured();
    // More than a page's time: an answer that came too early would show.
    await sleep(2_000);
    expect(await captured()).toBe(atThatMoment);

    await stack.mailroom.patch(`/email/accounts/${account?.id}`, { enabled: true });
    await expectEachOnce();
  });
});
