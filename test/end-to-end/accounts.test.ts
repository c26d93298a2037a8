import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pressConnect } from '../../scripts/demo/follow-sign-in-link.ts';
import { MAILROOM_CLIENT_SECRET } from '../../simulator/entra/default-directory.ts';
import { connectAccount, enterSettings, signIn } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { createSimulatorControl } from '../support/simulator-control.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

interface Account {
  readonly id: string;
  readonly state: string;
  readonly stateWords: string;
  readonly signInUrl: string;
  readonly condition: { readonly type: string; readonly reason: string; readonly until: string | null } | null;
  readonly identity: { readonly username: string } | null;
}

let stack: TestStack;
let simulator: ReturnType<typeof createSimulatorControl>;

beforeAll(async () => {
  stack = await startTestStack();
  simulator = createSimulatorControl(stack.simulatorUrl);
  await enterSettings(stack);
});
afterEach(() => simulator.clearFaults());
afterAll(() => stack.stop());

const PATIENCE = { timeoutMs: 30_000, intervalMs: 100 };
/** Received times are whole seconds, and the mail server's clock is known to one: this is before in any case. */
const aMinuteAgo = () => new Date(Date.now() - 60_000);
const account = (id: string) => stack.mailroom.get<Account>(`/email/accounts/${id}`);
const add = (address: string, more: object = {}) =>
  stack.mailroom.post<Account>('/email/accounts', { address, ...more });
const subjectsOf = async (id: string) =>
  (await stack.db.selectFrom('messages').select('subject').where('accountId', '=', id).execute()).map(
    ({ subject }) => subject,
  );
const arrived = (id: string, subjects: readonly string[]) =>
  eventually(async () => expect((await subjectsOf(id)).sort()).toEqual([...subjects].sort()), PATIENCE);
const readAgain = async (id: string) => {
  const { currentAt } = await stack.db
    .selectFrom('watches')
    .select('currentAt')
    .where('accountId', '=', id)
    .executeTakeFirstOrThrow();
  const twice = async () => {
    const now = await stack.db
      .selectFrom('watches')
      .select('currentAt')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    expect(now.currentAt?.getTime() ?? 0).toBeGreaterThan(Math.max(currentAt?.getTime() ?? 0, Date.now() - 1_000));
  };
  await eventually(twice, PATIENCE);
};

describe('connecting an account', () => {
  it('shows the account as authenticated when the tab says that it may be closed', async () => {
    const { id, state, signInUrl } = await add('anna@contoso.example');
    expect(state).toBe('awaiting-sign-in');
    const page = await signIn(stack, signInUrl);
    expect(page).toMatchObject({ status: 200, text: expect.stringMatching(/anna@contoso\.example.*close/) });
    expect(await account(id)).toMatchObject({
      state: 'authenticated',
      stateWords: 'Authenticated',
      identity: { username: 'anna@contoso.example' },
    });
  });

  it('accepts the mailbox owner who signs in under another name than the address', async () => {
    await simulator.call('POST', '/users', {
      address: 'service@contoso.example',
      userPrincipalName: 's1234@contoso.example',
    });
    const { id, signInUrl } = await add('service@contoso.example');
    expect(await signIn(stack, signInUrl, { mode: 'auto', as: 's1234@contoso.example' })).toMatchObject({
      status: 200,
    });
    expect(await account(id)).toMatchObject({ state: 'authenticated' });
  });

  it('refuses another account than the one entered, and keeps no token of it', async () => {
    const { id, signInUrl } = await add('right@contoso.example');
    const page = await signIn(stack, signInUrl, { mode: 'auto', as: 'wrong@contoso.example' });
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.text).toMatch(/another account/i);
    expect(await account(id)).toMatchObject({ state: 'awaiting-sign-in' });
    expect(await stack.db.selectFrom('tokenCaches').selectAll().where('accountId', '=', id).execute()).toEqual([]);
  });

  it.each([
    ['consent was declined', 'deny', /declin|denied|not approve/i],
    ['an administrator has to approve', 'admin-approval', /administrator/i],
  ])('says that %s, and lets the sign-in be started again', async (_, mode, words) => {
    const { id, signInUrl } = await add(`${mode}@contoso.example`);
    const page = await signIn(stack, signInUrl, { mode });
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.text).toMatch(words);
    const again = await stack.mailroom.post<Account>(`/email/accounts/${id}/sign-in`);
    expect(await signIn(stack, again.signInUrl)).toMatchObject({ status: 200 });
    expect(await account(id)).toMatchObject({ state: 'authenticated' });
  });

  it('redeems an attempt once, however often its address is opened', async () => {
    const { signInUrl } = await add('once@contoso.example');
    await simulator.signIn({ mode: 'auto' });
    const browser = await pressConnect(signInUrl);
    if (browser instanceof Response) expect.fail(await browser.text());
    const headers = { cookie: browser.cookie };
    const atProvider = await fetch(browser.microsoftUrl, { redirect: 'manual' });
    const callback = atProvider.headers.get('location') ?? expect.fail('no redirect');
    expect((await fetch(callback, { headers })).status).toBe(200);
    const replay = await fetch(callback, { headers });
    expect(replay.status).toBeGreaterThanOrEqual(400);
    expect(await replay.text()).toMatch(/already|used|once/i);
  });

  it('answers a callback that nobody began with a page in words', async () => {
    const page = await fetch(`${stack.mailroom.url}/api/v1/email/sign-in/callback?code=x&state=forged`);
    expect(page.status).toBeGreaterThanOrEqual(400);
    expect(page.headers.get('content-type')).toMatch(/html/);
  });

  it('routes mail received after connecting, and earlier mail only where that was asked for', async () => {
    const receivedAt = aMinuteAgo();
    await simulator.deliver('fresh@contoso.example', { subject: 'before', receivedAt });
    await simulator.deliver('backfill@contoso.example', { subject: 'before', receivedAt });
    const fresh = await connectAccount(stack, 'fresh@contoso.example');
    const backfill = await connectAccount(stack, 'backfill@contoso.example', { backfillDays: 1 });
    await simulator.deliver('fresh@contoso.example', { subject: 'after' });
    await simulator.deliver('backfill@contoso.example', { subject: 'after' });
    await arrived(fresh, ['after']);
    await arrived(backfill, ['before', 'after']);
  });
});

describe('a connected account', () => {
  it('routes what came during a pause when it catches up, and not when it goes on from now', async () => {
    // Only the pause can keep out what came a minute ago.
    const id = await connectAccount(stack, 'pause@contoso.example', { backfillDays: 1 });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    await simulator.deliver('pause@contoso.example', { subject: 'held' });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true });
    await arrived(id, ['held']);

    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false });
    await simulator.deliver('pause@contoso.example', { subject: 'never', receivedAt: aMinuteAgo() });
    await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: true, resume: 'from-now' });
    await simulator.deliver('pause@contoso.example', { subject: 'again' });
    await arrived(id, ['held', 'again']);
  });

  it('answers how it is when it is disabled twice', async () => {
    const id = await connectAccount(stack, 'twice@contoso.example');
    const disabled = { state: 'paused', enabled: false };
    for (const outcome of ['done', 'unchanged']) {
      expect(await stack.mailroom.patch(`/email/accounts/${id}`, { enabled: false })).toMatchObject({
        ...disabled,
        command: { outcome },
      });
    }
  });

  it('loses and doubles nothing when Microsoft forgets where reading stopped', async () => {
    const id = await connectAccount(stack, 'forgetful@contoso.example');
    await simulator.deliver('forgetful@contoso.example', { subject: 'one' });
    await arrived(id, ['one']);
    await simulator.loseSyncState('forgetful@contoso.example');
    await simulator.deliver('forgetful@contoso.example', { subject: 'two' });
    await arrived(id, ['one', 'two']);
    const events = await stack.db.selectFrom('events').select('name').where('accountId', '=', id).execute();
    expect(events).toContainEqual({ name: 'account.resynced' });
  });

  it('has mail of which delta keeps silent, once its inbox is checked by a list', async () => {
    const address = 'silent@contoso.example';
    // Polled: a bell without mail would be another reason to check.
    await simulator.addFault({ kind: 'validation-timeout', mailbox: address });
    const id = await connectAccount(stack, address, { backfillDays: 1 });
    await readAgain(id);
    await simulator.addFault({ kind: 'silent-delta', mailbox: address });
    // Older than what delta may be late with.
    await simulator.deliver(address, { subject: 'untold', receivedAt: new Date(Date.now() - 180_000) });
    await readAgain(id);
    expect(await subjectsOf(id)).toEqual([]);
    await stack.db
      .updateTable('watches')
      .set({ listedAt: new Date(Date.now() - 600_000) })
      .where('accountId', '=', id)
      .execute();
    await arrived(id, ['untold']);
    const events = await stack.db
      .selectFrom('events')
      .select(['name', 'details'])
      .where('accountId', '=', id)
      .execute();
    expect(events).toContainEqual({
      name: 'account.delta-set-aside',
      details: expect.objectContaining({ reason: 'delta-silent' }),
    });
    // And mail that comes while delta is set aside.
    await simulator.deliver(address, { subject: 'by the list' });
    await arrived(id, ['by the list', 'untold']);
  });

  it('waits for a person when its tokens are revoked, and catches up after the sign-in', async () => {
    const id = await connectAccount(stack, 'revoked@contoso.example');
    await simulator.revoke('revoked@contoso.example', 'password-changed');
    await simulator.deliver('revoked@contoso.example', { subject: 'meanwhile' });
    await eventually(async () => expect(await account(id)).toMatchObject({ state: 'sign-in-needed' }), PATIENCE);
    expect((await account(id)).stateWords).toMatch(/sign/i);
    const { signInUrl } = await stack.mailroom.post<Account>(`/email/accounts/${id}/sign-in`);
    expect(await signIn(stack, signInUrl)).toMatchObject({ status: 200 });
    await arrived(id, ['meanwhile']);
  });

  it('waits as long as Microsoft asks when it is throttled, while others go on', async () => {
    const throttled = await connectAccount(stack, 'throttled@contoso.example');
    const other = await connectAccount(stack, 'other@contoso.example');
    await simulator.addFault({
      kind: 'throttle',
      mailbox: 'throttled@contoso.example',
      endpoint: 'delta',
      count: 1,
      retryAfterSeconds: 4,
    });
    await simulator.deliver('throttled@contoso.example', { subject: 'late' });
    await simulator.deliver('other@contoso.example', { subject: 'in time' });
    await eventually(
      async () =>
        expect((await account(throttled)).condition).toMatchObject({ type: 'Throttled', until: expect.any(String) }),
      PATIENCE,
    );
    await arrived(other, ['in time']);
    await arrived(throttled, ['late']);
    await eventually(async () => expect((await account(throttled)).condition).toBeNull(), PATIENCE);
  });

  it('goes on around a message that cannot be read, which waits in quarantine for another try', async () => {
    const { id: messageId } = await simulator.deliver('corrupt@contoso.example', {
      subject: 'unreadable',
      receivedAt: aMinuteAgo(),
    });
    // Polled: Microsoft notifies of new mail, not of what becomes of it.
    await simulator.addFault({ kind: 'validation-timeout' });
    const id = await connectAccount(stack, 'corrupt@contoso.example');
    await readAgain(id);
    // Delta tells only that it was read; what it is has to be asked for, and cannot be answered.
    await simulator.addFault({ kind: 'partial-updates', mailbox: 'corrupt@contoso.example', endpoint: 'delta' });
    await simulator.addFault({ kind: 'corrupt-message', mailbox: 'corrupt@contoso.example' });
    await simulator.call('PATCH', `/mailboxes/corrupt@contoso.example/messages/${encodeURIComponent(messageId)}`, {
      isRead: true,
    });
    const quarantine = () =>
      stack.mailroom.get<{ messages: { id: string; reason: string; state: string }[] }>(
        `/email/accounts/${id}/quarantine`,
      );
    const parked = await eventually(async () => {
      const { messages } = await quarantine();
      expect(messages).toMatchObject([{ reason: 'unreadable', state: 'parked' }]);
      return messages[0];
    }, PATIENCE);
    await simulator.clearFaults();
    await simulator.deliver('corrupt@contoso.example', { subject: 'readable' });
    await arrived(id, ['readable']);
    await stack.mailroom.post(`/email/accounts/${id}/quarantine/${parked?.id}/retry`);
    await arrived(id, ['readable', 'unreadable']);
  });

  it('is gone with its tokens when it is removed, many at once, while queued mail stays', async () => {
    const ids = [
      await connectAccount(stack, 'gone1@contoso.example'),
      await connectAccount(stack, 'gone2@contoso.example'),
    ];
    await simulator.deliver('gone1@contoso.example', { subject: 'stays' });
    await arrived(ids[0] as string, ['stays']);
    const unknown = '00000000-0000-4000-8000-000000000000';
    const { results } = await stack.mailroom.post<{ results: { id: string; removed: boolean }[] }>(
      '/email/accounts/remove',
      { ids: [...ids, unknown] },
    );
    expect(results.map(({ id, removed }) => [id, removed])).toEqual([
      [ids[0], true],
      [ids[1], true],
      [unknown, false],
    ]);
    expect(await stack.db.selectFrom('tokenCaches').selectAll().where('accountId', 'in', ids).execute()).toEqual([]);
    expect(await subjectsOf(ids[0] as string)).toEqual(['stays']);
    await expect(account(ids[0] as string)).rejects.toMatchObject({ status: 404 });
    // The address is free again.
    await connectAccount(stack, 'gone1@contoso.example');
  });
});

/** Of the minute after which each account asks by itself, and for a busy machine. */
const HEALED_WITHIN = { timeoutMs: 20_000, intervalMs: 100 };

describe('a client secret that Microsoft refuses', () => {
  it('is one fault of the settings, of no mailbox, and heals within seconds of the right one', async () => {
    // Tokens that are nearly over are renewed at each reading, and renewing needs the secret. Without push there are many.
    await simulator.addFault({ kind: 'validation-timeout' });
    await simulator.call('PATCH', '/tokens/settings', { accessTokenLifetimeSeconds: 60 });
    const id = await connectAccount(stack, 'secret@contoso.example');
    await readAgain(id);
    await enterSettings(stack, { clientSecret: 'not the right one at all', force: true, keepPrevious: false });
    const settings = () => stack.mailroom.get<{ fault: { reason: string; words: string } | null }>('/email/settings');
    await eventually(
      async () => expect((await settings()).fault).toMatchObject({ words: expect.stringMatching(/secret/i) }),
      PATIENCE,
    );
    expect(await account(id)).toMatchObject({ state: 'authenticated', condition: { type: 'SettingsRejected' } });
    const check = await stack.mailroom.post<{ works: boolean; findings: { message: string }[] }>(
      '/email/settings/check',
    );
    expect(check.works).toBe(false);
    expect(check.findings.map(({ message }) => message).join(' ')).toMatch(/secret/i);

    await simulator.deliver('secret@contoso.example', { subject: 'nothing was lost' });
    await enterSettings(stack, { clientSecret: MAILROOM_CLIENT_SECRET });
    await eventually(async () => expect(await subjectsOf(id)).toEqual(['nothing was lost']), HEALED_WITHIN);
    await eventually(async () => expect((await account(id)).condition).toBeNull(), HEALED_WITHIN);
    expect((await settings()).fault).toBeNull();
    expect(await stack.mailroom.post('/email/settings/check')).toMatchObject({ works: true });
  });
});
