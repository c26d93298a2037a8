import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

interface Account {
  readonly id: string;
  readonly state: string;
  readonly delivery: { readonly mode: string; readonly reason: string; readonly words: string };
}

interface Subscription {
  readonly id: string;
  readonly mailbox: string;
  readonly expirationDateTime: string;
}

/** Nobody asks for mail within a test: what arrives was rung for. */
const NEVER = '3600';
const PATIENCE = { timeoutMs: 20_000, intervalMs: 50 };
/** A tenth of a second on a machine with nothing else to do. */
const MOMENTS_MS = 5_000;

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;

beforeAll(async () => {
  stack = await startTestStack({ POLL_INTERVAL_SECONDS: NEVER, BACKSTOP_INTERVAL_SECONDS: NEVER });
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
});
afterEach(() => simulator.clearFaults());
afterAll(() => stack.stop());

const account = (id: string) => stack.mailroom.get<Account>(`/email/accounts/${id}`);
const subscriptions = async () =>
  (await simulator.call<{ subscriptions: Subscription[] }>('GET', '/subscriptions')).subscriptions;
const subjectsOf = async (id: string) =>
  (await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute())
    .map(({ subject }) => subject)
    .sort();
const arrived = (id: string, subjects: readonly string[]) =>
  eventually(async () => expect(await subjectsOf(id)).toEqual([...subjects].sort()), PATIENCE);
const pushed = (id: string) =>
  eventually(async () => expect((await account(id)).delivery).toMatchObject({ mode: 'push' }), PATIENCE);
const graphIdOf = async (id: string) =>
  (await stack.db.selectFrom('subscriptions').select('graphId').where('accountId', '=', id).executeTakeFirst())
    ?.graphId ?? undefined;
const connectWithPush = async (address: string) => {
  const id = await connectAccount(stack, address);
  await pushed(id);
  return id;
};

describe('an account that Microsoft notifies of', () => {
  it('has its mail within moments, without anybody asking for it', async () => {
    const id = await connectWithPush('bell@contoso.example');
    const deliveredAt = performance.now();
    await simulator.deliver('bell@contoso.example', { subject: 'rung' });
    await arrived(id, ['rung']);
    expect(performance.now() - deliveredAt).toBeLessThan(MOMENTS_MS);
    expect((await account(id)).delivery).toMatchObject({
      reason: 'subscribed',
      words: expect.stringMatching(/notifies/),
    });
  });

  it('loses no mail that came before the notifications were made', async () => {
    await simulator.addFault({ kind: 'slow', endpoint: 'subscriptions', delayMs: 2_000, count: 1 });
    const id = await connectAccount(stack, 'early@contoso.example');
    await simulator.deliver('early@contoso.example', { subject: 'between drain and subscription' });
    await arrived(id, ['between drain and subscription']);
  });

  it('has mail of which delta tells only a moment after its bell', async () => {
    const id = await connectWithPush('late@contoso.example');
    await simulator.addFault({ kind: 'lagging-entries', mailbox: 'late@contoso.example' });
    await simulator.deliver('late@contoso.example', { subject: 'later than its bell' });
    const rungAt = () =>
      stack.db
        .selectFrom('watches')
        .select(['rungAt', 'notBefore'])
        .where('accountId', '=', id)
        .executeTakeFirstOrThrow();
    // The look after the bell has found nothing.
    await eventually(async () => {
      const { rungAt: rang, notBefore } = await rungAt();
      expect(Number(notBefore)).toBeGreaterThan(Number(rang));
    }, PATIENCE);
    expect(await subjectsOf(id)).toEqual([]);
    await simulator.clearFaults();
    await arrived(id, ['later than its bell']);
  });

  it('has each message once, however often, late and disordered the bells ring', async () => {
    const id = await connectWithPush('storm@contoso.example');
    await simulator.addFault({ kind: 'duplicate-notifications', probability: 0.7, seed: 1 });
    await simulator.addFault({ kind: 'shuffled-notifications', probability: 0.7, seed: 2 });
    const subjects = Array.from({ length: 40 }, (_, n) => `mail ${n}`);
    await Promise.all(subjects.map((subject) => simulator.deliver('storm@contoso.example', { subject })));
    await arrived(id, subjects);
  });

  it('stops being notified of while it is disabled, and is again afterwards', async () => {
    const id = await connectWithPush('pause@contoso.example');
    const graphId = await graphIdOf(id);
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    expect((await account(id)).delivery).toMatchObject({ mode: 'none', reason: 'paused' });
    await eventually(
      async () => expect((await subscriptions()).map((subscription) => subscription.id)).not.toContain(graphId),
      PATIENCE,
    );
    await simulator.deliver('pause@contoso.example', { subject: 'meanwhile' });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true, resume: 'catch-up' });
    await pushed(id);
    await simulator.deliver('pause@contoso.example', { subject: 'afterwards' });
    await arrived(id, ['meanwhile', 'afterwards']);
  });

  it('leaves no subscription behind when it is removed', async () => {
    const id = await connectWithPush('leave@contoso.example');
    const graphId = await graphIdOf(id);
    await stack.mailroom.delete(`/email/accounts/${id}`);
    expect((await subscriptions()).map((subscription) => subscription.id)).not.toContain(graphId);
  });

  it('gets another subscription when Microsoft removes it, and what came without a bell', async () => {
    const id = await connectWithPush('taken@contoso.example');
    const before = await graphIdOf(id);
    await simulator.addFault({ kind: 'lost-notifications', count: 1, mailbox: 'taken@contoso.example' });
    await simulator.deliver('taken@contoso.example', { subject: 'without a bell' });
    await simulator.call('POST', `/subscriptions/${before}/lifecycle`, { event: 'subscriptionRemoved' });
    await arrived(id, ['without a bell']);
    await eventually(async () => expect([undefined, before]).not.toContain(await graphIdOf(id)), PATIENCE);
  });

  it('is read when Microsoft says that it missed something', async () => {
    const id = await connectWithPush('missed@contoso.example');
    await simulator.addFault({ kind: 'lost-notifications', count: 1 });
    await simulator.deliver('missed@contoso.example', { subject: 'lost bell' });
    await simulator.call('POST', `/subscriptions/${await graphIdOf(id)}/lifecycle`, { event: 'missed' });
    await arrived(id, ['lost bell']);
  });

  it('gets another subscription when a worker died before it wrote the first one down', async () => {
    const id = await connectWithPush('orphan@contoso.example');
    const before = await graphIdOf(id);
    await stack.db.deleteFrom('subscriptions').where('accountId', '=', id).execute();
    await simulator.call('POST', `/subscriptions/${before}/lifecycle`, { event: 'reauthorizationRequired' });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true });
    await pushed(id);
    const ofAccount = (await subscriptions()).filter(({ mailbox }) => mailbox === 'orphan@contoso.example');
    expect(ofAccount.map((subscription) => subscription.id)).toEqual([await graphIdOf(id)]);
  });

  it('keeps its subscription alive when Microsoft asks for authorization', async () => {
    const id = await connectWithPush('again@contoso.example');
    const graphId = (await graphIdOf(id)) ?? '';
    const expiry = async () =>
      Date.parse((await subscriptions()).find((subscription) => subscription.id === graphId)?.expirationDateTime ?? '');
    const before = await expiry();
    await simulator.call('POST', `/subscriptions/${graphId}/lifecycle`, { event: 'reauthorizationRequired' });
    await eventually(async () => expect(await expiry()).toBeGreaterThan(before), PATIENCE);
    expect(await graphIdOf(id)).toBe(graphId);
  });
});

describe('an account without notifications', () => {
  it('is connected and polled all the same, says why, and is asked for again', async () => {
    await simulator.addFault({ kind: 'validation-timeout' });
    const id = await connectAccount(stack, 'unreached@contoso.example');
    await eventually(
      async () =>
        expect((await account(id)).delivery).toMatchObject({
          mode: 'poll',
          reason: 'endpoint-not-reached',
          words: expect.stringMatching(/cannot reach/),
        }),
      PATIENCE,
    );
    const { dueAt } = await stack.db
      .selectFrom('subscriptions')
      .select('dueAt')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    expect(dueAt.getTime()).toBeLessThan(Date.now() + 5 * 60_000);
  });

  it('says that Microsoft refused them, and nothing of a mailbox that is gone, where it is read', async () => {
    const address = 'refused@contoso.example';
    await simulator.addFault({ kind: 'mailbox-gone', endpoint: 'subscriptions', mailbox: address });
    const id = await connectAccount(stack, address);
    await eventually(
      async () => expect((await account(id)).delivery).toMatchObject({ mode: 'poll', reason: 'subscription-refused' }),
      PATIENCE,
    );
    expect(await account(id)).toMatchObject({ condition: null, currentAt: expect.any(String) });
  });
});

describe('the life of a subscription', () => {
  it('is as long as Microsoft allows, which is learned from its refusal', async () => {
    await simulator.call('PUT', '/limits', { subscriptionMostMinutes: 3_000 });
    const id = await connectWithPush('ceiling@contoso.example');
    const graphId = await graphIdOf(id);
    const found = (await subscriptions()).find((subscription) => subscription.id === graphId);
    const minutes = (Date.parse(found?.expirationDateTime ?? '') - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(2_900);
    expect(minutes).toBeLessThanOrEqual(3_000);
    const { subscriptionCeilingMinutes } = await stack.db
      .selectFrom('settings')
      .select('subscriptionCeilingMinutes')
      .executeTakeFirstOrThrow();
    expect(subscriptionCeilingMinutes).toBe(3_000);
    await simulator.call('DELETE', '/limits');
  });
});

describe('the address of notifications', () => {
  const post = (body: unknown) =>
    fetch(`${stack.environment.PUBLIC_URL}/graph/notifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('answers a validation with the token alone', async () => {
    const token = 'Validation: Testing client application reachability for subscription <b>Request-Id</b> 1+1';
    const answer = await fetch(
      `${stack.environment.PUBLIC_URL}/graph/notifications?validationToken=${encodeURIComponent(token)}`,
      { method: 'POST', headers: { 'content-type': 'text/plain' } },
    );
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe(token);
  });

  it('takes forged notifications without believing them', async () => {
    const id = await connectWithPush('forged@contoso.example');
    const rungAt = async () =>
      (await stack.db.selectFrom('watches').select('rungAt').where('accountId', '=', id).executeTakeFirst())?.rungAt;
    const before = await rungAt();
    const entries = [
      {},
      { clientState: id },
      { clientState: `test.${'A'.repeat(59)}`, subscriptionId: await graphIdOf(id) },
      { clientState: 'x'.repeat(10_000) },
      null,
      'text',
    ];
    expect((await post({ value: entries })).status).toBe(202);
    expect((await post({ value: 'nothing' })).status).toBe(202);
    expect((await post([])).status).toBe(202);
    expect(await rungAt()).toEqual(before);
  });

  it('needs no session, and lets a connected account sign in again meanwhile', async () => {
    const id = await connectWithPush('twice@contoso.example');
    const { signInUrl } = await stack.mailroom.post<{ signInUrl: string }>(`/email/accounts/${id}/sign-in`);
    expect(await signIn(stack, signInUrl)).toMatchObject({ status: 200 });
    await simulator.deliver('twice@contoso.example', { subject: 'still rung' });
    await arrived(id, ['still rung']);
  });
});
