import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createClientState } from '../../encryption/client-state.ts';
import { pressConnect } from '../../scripts/demo/follow-sign-in-link.ts';
import { DEFAULT_ADMINISTRATOR } from '../../simulator/entra/default-directory.ts';
import { createPageDriver } from '../simulator/page-driver.ts';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { keysOf } from '../support/connect-many.ts';
import { eventually } from '../support/eventually.ts';
import { followChanges, told } from '../support/follow-changes.ts';
import { sharesOfProcesses } from '../support/shares-of-processes.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

/** Two API processes behind a balancer, and two workers. Where Microsoft notifies, nobody asks for mail within a test. */
const NEVER = '3600';
const PATIENCE = { timeoutMs: 60_000, intervalMs: 100 };
/** The default of the configuration. */
const READER_SHARES = 16;

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;
let first: string;
let second: string;

beforeAll(async () => {
  stack = await startTestStack(
    { BACKSTOP_INTERVAL_SECONDS: NEVER, DELTA_PAGE_SIZE: '20' },
    {},
    { apis: 2, workers: 2 },
  );
  simulator = createSimulatorControl(stack.simulatorUrl);
  [first, second] = stack.apiUrls as [string, string];
  await enterSettings(stack);
});
afterEach(async () => {
  await simulator.clearFaults();
  await simulator.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 3_600 });
});
afterAll(() => stack.stop());

const subjectsOf = async (id: string) =>
  (await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute())
    .map(({ subject }) => subject)
    .sort();
const arrived = (id: string, subjects: readonly string[]) =>
  eventually(async () => expect(await subjectsOf(id)).toEqual([...subjects].sort()), PATIENCE);
const itemsOf = async (id: string) =>
  (await stack.db.selectFrom('items').select('id').where('accountId', '=', id).execute()).length;
const pushed = (id: string) =>
  eventually(
    async () => expect(await stack.mailroom.get(`/email/accounts/${id}`)).toMatchObject({ delivery: { mode: 'push' } }),
    PATIENCE,
  );
const numbered = (word: string, count: number) => Array.from({ length: count }, (_, n) => `${word} ${n + 1}`);
/** The same request to another process than the balancer would lead it to. */
const at = (api: string, url: string) => url.replace(stack.mailroom.url, api);

describe('two API processes', () => {
  it('connect a mailbox whose sign-in began at the one and comes back to the other', async () => {
    const { id, signInUrl } = await stack.mailroomAt(first).post<{ id: string; signInUrl: string }>('/email/accounts', {
      address: 'between@contoso.example',
    });
    await simulator.signIn({ mode: 'auto' });
    const browser = await pressConnect(at(first, signInUrl));
    if (browser instanceof Response) expect.fail(await browser.text());
    const headers = { cookie: browser.cookie };
    const atProvider = await fetch(browser.microsoftUrl, { redirect: 'manual' });
    const callback = atProvider.headers.get('location') ?? expect.fail('no way back');
    const page = await fetch(at(second, callback), { headers });
    expect(page.status).toBe(200);
    expect(await stack.mailroomAt(first).get(`/email/accounts/${id}`)).toMatchObject({ state: 'authenticated' });
    // It is used up for both.
    expect((await fetch(at(first, callback), { headers })).status).toBe(410);
  });

  it('share the sessions of people, who sign on at the one, work at the other, and sign out of both', async () => {
    const began = await fetch(`${first}/auth/sign-in`, { redirect: 'manual' });
    const visitor = createPageDriver({ stayOn: [new URL(stack.simulatorUrl).host] });
    await visitor.open(began.headers.get('location') ?? '');
    while (!visitor.left) {
      const { title, text } = visitor.page;
      if (title === 'Sign in to your account') await visitor.submit({ address: DEFAULT_ADMINISTRATOR });
      else if (title === 'Enter password') await visitor.submit({ password: 'a password' });
      else if (title === 'Permissions requested') await visitor.press('Approve');
      else throw new Error(`Stopped at "${title}": ${text}`);
    }
    const cookieOf = (response: Response, name: string) =>
      response.headers
        .getSetCookie()
        .find((line) => line.startsWith(`${name}=`))
        ?.split(';')[0] ?? expect.fail(`no cookie ${name}`);
    const back = await fetch(at(second, visitor.left.href), {
      redirect: 'manual',
      headers: { cookie: cookieOf(began, 'mailroom-sign-in') },
    });
    expect(back.status).toBe(303);

    const headers = { cookie: cookieOf(back, 'mailroom'), 'sec-fetch-site': 'same-origin' };
    for (const api of [first, second]) {
      const me = await fetch(`${api}/api/v1/me`, { headers });
      expect(await me.json()).toMatchObject({ profile: 'Admin' });
    }
    await fetch(`${first}/auth/sign-out`, { method: 'POST', headers, redirect: 'manual' });
    expect((await fetch(`${second}/api/v1/me`, { headers })).status).toBe(401);
  });

  it('both tell what the other, or a worker, has changed', async () => {
    const reading = new AbortController();
    try {
      const headers = { authorization: `Bearer ${stack.apiKey}` };
      const streams = await Promise.all(stack.apiUrls.map((api) => followChanges(api, headers, reading.signal)));
      const { id: queueId } = await stack.mailroomAt(first).post<{ id: string }>('/queues', { name: 'Both' });
      const accountId = await connectAccount(stack, 'told@contoso.example');
      await simulator.deliver('told@contoso.example', { subject: 'by a worker' });
      for (const stream of streams) {
        await eventually(() => expect(told(stream)).toContainEqual({ topic: 'queues', ids: [queueId] }), PATIENCE);
        await eventually(
          () => expect(told(stream)).toContainEqual({ topic: 'items', ids: expect.arrayContaining([accountId]) }),
          PATIENCE,
        );
      }
    } finally {
      reading.abort();
    }
  });

  it('take doorbells at both, twice each, and every message is captured once', async () => {
    const id = await connectAccount(stack, 'bells@contoso.example');
    await pushed(id);
    await simulator.addFault({ kind: 'duplicate-notifications', mailbox: 'bells@contoso.example' });
    const subjects = numbered('rung', 30);
    await Promise.all(subjects.map((subject) => simulator.deliver('bells@contoso.example', { subject })));
    await arrived(id, subjects);
    expect(await itemsOf(id)).toBe(30);
    const answered = stack.balancer?.answered('/graph/notifications');
    for (const api of stack.apiUrls) expect(answered?.get(api) ?? 0).toBeGreaterThan(0);
  });

  it('lose nothing when one is killed right after it took a notification that it could not pass on', async () => {
    const id = await connectAccount(stack, 'killed@contoso.example');
    await pushed(id);
    await simulator.addFault({ kind: 'lost-notifications', mailbox: 'killed@contoso.example' });
    // Nothing listens at that port: whatever it takes, no signal of this API ever reaches a workflow.
    const api = await stack.startApi({ TEMPORAL_ADDRESS: '127.0.0.1:9' });
    await simulator.deliver('killed@contoso.example', { subject: 'taken' });
    const { status } = await fetch(`${api.url}/graph/notifications`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ value: [{ clientState: createClientState(keysOf(stack), id), subscriptionId: 'x' }] }),
    });
    await api.stop('SIGKILL');
    expect(status).toBe(202);
    await eventually(async () => expect(await subjectsOf(id)).toEqual(['taken']), { timeoutMs: 15_000 });
  });
});

describe('two workers', () => {
  it('share the accounts as Temporal places them, and one reads all soon after the other is killed', async () => {
    await eventually(async () => {
      const shares = await sharesOfProcesses(stack.db);
      expect(shares).toHaveLength(2);
      expect(shares[0]).toBeLessThan(READER_SHARES);
      expect(shares.reduce((sum, each) => sum + each, 0)).toBe(READER_SHARES);
    }, PATIENCE);
    const id = await connectAccount(stack, 'moved@contoso.example');
    await pushed(id);
    await stack.stopWorker('SIGKILL');
    await eventually(async () => expect(await sharesOfProcesses(stack.db)).toEqual([READER_SHARES]), {
      timeoutMs: 15_000,
    });
    await simulator.deliver('moved@contoso.example', { subject: 'after the move' });
    await arrived(id, ['after the move']);
    await stack.startWorker();
    // Half of them each, within seconds.
    const half = READER_SHARES / 2;
    await eventually(async () => expect(await sharesOfProcesses(stack.db)).toEqual([half, half]), PATIENCE);
  });

  it('refresh the tokens of the same accounts over and over, and nobody has to sign in again', async () => {
    // Tokens that are nearly over are renewed at every look and drain, by both workers; without push there are many.
    await simulator.addFault({ kind: 'validation-timeout' });
    await simulator.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 60 });
    const addresses = numbered('token', 4).map((name) => `${name.replace(' ', '')}@contoso.example`);
    const ids: string[] = [];
    for (const address of addresses) ids.push(await connectAccount(stack, address));
    const refreshes = async () => (await simulator.stats()).tokenRequests.byGrant.refresh_token ?? 0;
    const before = await refreshes();
    const subjects = numbered('mail', 25);
    for (const subject of subjects) {
      await Promise.all(addresses.map((address) => simulator.deliver(address, { subject })));
    }
    for (const id of ids) await arrived(id, subjects);
    await eventually(async () => expect((await refreshes()) - before).toBeGreaterThan(60), PATIENCE);
    const states = await stack.db
      .selectFrom('accounts')
      .select(['signIn', 'signInReason'])
      .where('id', 'in', ids)
      .execute();
    expect(states).toEqual(ids.map(() => ({ signIn: 'done', signInReason: null })));
    const needed = await stack.db
      .selectFrom('events')
      .select('id')
      .where('name', '=', 'account.sign-in-needed')
      .execute();
    expect(needed).toEqual([]);
  });

  it('end a drain and their looks when they are asked to stop, and another goes on: every message once', async () => {
    // Two minutes for the backlog, until the fault is cleared: the drain is under way however slow the machine is.
    await simulator.addFault({ kind: 'slow', delayMs: 2_400, endpoint: 'delta' });
    const id = await connectAccount(stack, 'backlog@contoso.example');
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    await simulator.deliverMany('backlog@contoso.example', 1_000, 'Message {n}');
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true, resume: 'catch-up' });
    const captured = async () => (await subjectsOf(id)).length;
    for (let stops = 0; stops < 3; stops++) {
      const before = await captured();
      await eventually(async () => expect(await captured()).toBeGreaterThan(before), PATIENCE);
      await stack.startWorker();
      expect(await stack.stopWorker('SIGTERM')).toEqual({ code: 0, signal: null });
    }
    expect(await captured()).toBeLessThan(1_000);
    await simulator.clearFaults();
    await arrived(id, numbered('Message', 1_000));
    expect(await itemsOf(id)).toBe(1_000);
    // No mailbox waits for a worker that is gone.
    const waiting = await stack.db
      .selectFrom('mailboxBudgets')
      .innerJoin('accounts', 'accounts.id', 'mailboxBudgets.accountId')
      .select('address')
      .where('holder', 'is not', null)
      .execute();
    expect(waiting.length).toBeLessThan(2);
  });
});
