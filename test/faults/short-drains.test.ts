import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startTcpProxy, type TcpProxy } from '../../chaos/network/tcp-proxy.ts';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const MAILBOXES = 6;
const MAILS = 20;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 200 };

let stack: TestStack;
let temporal: TcpProxy;
let simulator: ReturnType<typeof createSimulatorControl>;
const addresses = Array.from({ length: MAILBOXES }, (_, n) => `desk${n}@contoso.example`);

/** Mail comes by bells alone: nobody asks within the time of a test. */
beforeAll(async () => {
  const [host, port] = inject('temporalAddress').split(':') as [string, string];
  temporal = await startTcpProxy({ host, port: Number(port) });
  const settings = { POLL_INTERVAL_SECONDS: '600', BACKSTOP_INTERVAL_SECONDS: '600' };
  stack = await startTestStack(settings, { temporalPort: temporal.port }, { workers: 2 });
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
  for (const address of addresses) await connectAccount(stack, address);
  await eventually(async () => {
    const subscribed = stack.db.selectFrom('subscriptions').select('graphId').where('graphId', 'is not', null);
    expect(await subscribed.execute()).toHaveLength(MAILBOXES);
    const resting = stack.db.selectFrom('watches').select('dueAt').where('currentAt', 'is not', null);
    expect((await resting.execute()).filter(({ dueAt }) => dueAt instanceof Date)).toHaveLength(MAILBOXES);
  }, PATIENCE);
});
afterAll(async () => {
  await stack.stop();
  await temporal.close();
});

/** Delivers to one mailbox after another, with an attachment each that has to be asked for. */
async function deliver(name: string, count: number, pauseMs: number): Promise<readonly string[]> {
  const subjects = Array.from({ length: count }, (_, n) => `${name} ${n}`);
  for (const [n, subject] of subjects.entries()) {
    const address = addresses[n % MAILBOXES] as string;
    await simulator.deliver(address, { subject, html: '<img src="cid:picture">' });
    await sleep(pauseMs);
  }
  return subjects.toSorted();
}

async function idOf(wanted: string): Promise<string | undefined> {
  const { accounts } = await stack.mailroom.get<{ accounts: { id: string; address: string }[] }>('/email/accounts');
  return accounts.find(({ address }) => address === wanted)?.id;
}

const items = async (name: string) =>
  (
    await stack.db
      .selectFrom('items')
      .innerJoin('messages', 'messages.id', 'items.messageId')
      .select('subject')
      .where('subject', 'like', `${name} %`)
      .orderBy('subject')
      .execute()
  ).map(({ subject }) => subject);

describe('mail of which only bells tell', () => {
  it('is there once when the workers that take it in are killed again and again', async () => {
    await simulator.addFault({ kind: 'slow', endpoint: 'attachments', delayMs: 300 });
    await simulator.addFault({ kind: 'duplicate-notifications' });
    const delivering = deliver('killed', MAILS, 150);
    for (let kills = 0; kills < 3; kills++) {
      await sleep(700);
      await stack.stopWorkers('SIGKILL');
      await Promise.all([stack.startWorker(), stack.startWorker()]);
    }
    const subjects = await delivering;
    // What a killed worker had in its hands is somebody else's when its lease is over.
    await eventually(async () => expect(await items('killed')).toEqual(subjects), PATIENCE);
    await simulator.clearFaults();
  });

  it('is in its queue within moments while Temporal is away, also when the workers start only then', async () => {
    await temporal.cut();
    const subjects = await deliver('away', MAILBOXES, 0);
    await eventually(async () => expect(await items('away')).toEqual(subjects), { timeoutMs: 10_000 });

    await stack.stopWorkers('SIGTERM');
    const starting = stack.startWorker();
    const more = await deliver('started', MAILBOXES, 0);
    await eventually(async () => expect(await items('started')).toEqual(more), { timeoutMs: 20_000 });
    await temporal.restore();
    await starting;
  });

  it('shows a refused sign-in while Temporal is away, and goes on after a sign-in', async () => {
    const [id] = await Promise.all([idOf(addresses[0] as string), temporal.cut()]);
    await simulator.revoke(addresses[0] as string, 'session-revoked');
    const subjects = await deliver('refused', MAILBOXES, 0);
    await eventually(async () => {
      expect(await stack.mailroom.get(`/email/accounts/${id}`)).toMatchObject({ state: 'sign-in-needed' });
      expect(await items('refused')).toEqual(subjects.slice(1));
    }, PATIENCE);

    await temporal.restore();
    const { signInUrl } = await eventually(
      () => stack.mailroom.post<{ signInUrl: string }>(`/email/accounts/${id}/sign-in`),
      PATIENCE,
    );
    expect((await signIn(stack, signInUrl)).status).toBe(200);
    await eventually(async () => expect(await items('refused')).toEqual(subjects), PATIENCE);
  });

  it('waits while its account is disabled, and is caught up', async () => {
    const id = await idOf(addresses[0] as string);
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    const subjects = await deliver('back', MAILBOXES, 0);
    await eventually(async () => expect(await items('back')).toEqual(subjects.slice(1)), PATIENCE);
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true, resume: 'catch-up' });
    await eventually(async () => expect(await items('back')).toEqual(subjects), PATIENCE);
  });
});
