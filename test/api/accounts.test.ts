import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { readableInTemporal } from '../support/readable-in-temporal.ts';
import { startTestApi } from './test-api.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.stop());

const accounts = '/api/v1/email/accounts';
const visit = (path: string, headers: Record<string, string> = {}) => stack.call('GET', path, { key: null, headers });

describe('adding an account', () => {
  it('is refused while the global properties are missing, and leaves nothing', async () => {
    const { status, json } = await stack.call('POST', accounts, { body: { address: 'early@contoso.example' } });
    expect({ status, type: json.type }).toEqual({ status: 409, type: 'urn:mailroom:problem:settings-missing' });
    expect(json.detail).toContain('Config > Email');
    expect((await stack.call('GET', accounts)).json.total).toBe(0);
    expect((await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings })).status).toBe(200);
  });

  it('answers the account, waiting, and where to sign in', async () => {
    const { status, headers, json } = await stack.call('POST', accounts, {
      body: { address: ' Support@Contoso.example' },
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`${accounts}/${json.id}`);
    expect(json).toMatchObject({
      address: 'support@contoso.example',
      state: 'awaiting-sign-in',
      stateWords: 'Waiting for sign-in',
      enabled: true,
      defaultQueue: { name: 'General' },
      identity: null,
      condition: null,
    });
    const url = new URL(await stack.connectAt(json.signInUrl));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      login_hint: 'support@contoso.example',
      domain_hint: 'contoso.example',
      code_challenge_method: 'S256',
      redirect_uri: 'http://localhost:3000/api/v1/email/sign-in/callback',
    });
    expect(url.searchParams.has('prompt')).toBe(false);
    expect(Date.parse(json.signInExpiresAt) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  });

  it('is refused for an address that is connected already, naming it', async () => {
    const { status, json } = await stack.call('POST', accounts, { body: { address: 'SUPPORT@contoso.example' } });
    expect(status).toBe(409);
    expect(json.detail).toMatch(/^support@contoso\.example is connected already.*\/sign-in\.$/);
  });

  it.each([
    'support',
    'a@b@c',
    '<script>@contoso.example',
    `${'x'.repeat(250)}@contoso.example`,
    'a b@contoso.example',
  ])('is refused for what is no address: %s', async (address) => {
    const { status, json } = await stack.call('POST', accounts, { body: { address } });
    expect([status, json.errors[0].path]).toEqual([422, '/address']);
  });

  it('is refused for a queue that does not exist, and leaves nothing', async () => {
    const body = { address: 'queue@contoso.example', defaultQueueId: '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11' };
    const { status, json } = await stack.call('POST', accounts, { body });
    expect([status, json.errors]).toEqual([
      422,
      [{ path: '/defaultQueueId', detail: 'does not name a queue', reason: 'no-queue' }],
    ]);
    expect((await stack.call('GET', `${accounts}?search=queue@`)).json.total).toBe(0);
  });

  it('lets one of two at the same time win', async () => {
    const body = { address: 'race@contoso.example' };
    const answers = await Promise.all([1, 2, 3].map(() => stack.call('POST', accounts, { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('leaves nothing half written while Temporal is away', async () => {
    const away = await startTestApi({
      db: stack.db,
      keys: stack.keys,
      simulatorUrl: stack.simulatorUrl,
      withoutKeys: true,
    });
    try {
      const body = { address: 'lost@contoso.example' };
      const { status, json } = await away.call('POST', accounts, { body, key: stack.apiKeys.Admin });
      expect([status, json.detail]).toEqual([503, expect.stringContaining('Temporal server')]);
      expect((await stack.call('GET', `${accounts}?search=lost`)).json.total).toBe(0);
      const ready = await away.call('GET', '/readyz', { key: null });
      expect(ready).toMatchObject({ status: 200, json: { ready: true, database: 'up', temporal: 'down' } });
    } finally {
      await away.stop();
    }
  });
});

describe('the way back from Microsoft', () => {
  it('connects the account, says that the tab may be closed, and works once', async () => {
    const { id, signInUrl } = await stack.addAccount('sales@contoso.example');
    const back = await stack.signInAt(signInUrl, { mode: 'auto' });
    expect((await stack.call('HEAD', back, { key: null })).status).toBe(405);
    const page = await visit(back);
    expect(page).toMatchObject({ status: 200, headers: { 'cache-control': 'no-store' } });
    expect(page.text).toContain('sales@contoso.example is connected');
    expect(page.text).toContain('You may close this tab');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await stack.call('GET', `${accounts}/${id}`)).json).toMatchObject({
      state: 'authenticated',
      stateWords: 'Authenticated',
      identity: { username: 'sales@contoso.example' },
    });

    const again = await visit(back);
    expect(again.status).toBe(410);
    expect(again.text).toContain('This link was used already');
    expect(stack.log()).not.toContain('code=');
    expect(stack.log()).not.toContain('sales@');
  });

  it('refuses another account than the one that was entered, and offers who is signed in to start again', async () => {
    const { id, signInUrl } = await stack.addAccount('desk@contoso.example');
    const browser = await stack.browserOf('Admin', 'ada@contoso.example');
    const page = await visit(
      await stack.signInAt(signInUrl, { mode: 'auto', as: 'mallory@contoso.example' }),
      browser.headers,
    );
    expect(page.status).toBe(403);
    expect(page.text).toContain('Another account than desk@contoso.example signed in');
    const [, action] = /<form method="post" action="([^"]+)"/.exec(page.text) ?? [];
    expect(action).toBe(`/email/accounts/${id}/sign-in`);
    expect((await stack.call('GET', `${accounts}/${id}`)).json).toMatchObject({
      state: 'awaiting-sign-in',
      identity: null,
    });

    const pressed = await stack.call('POST', action as string, {
      key: null,
      headers: { ...browser.headers, 'content-type': 'application/x-www-form-urlencoded' },
      body: '',
    });
    expect(pressed.status).toBe(200);
    const [, link = ''] = /<a [^>]*href="(http[^"]+)"/.exec(pressed.text) ?? [];
    const second = await visit(await stack.signInAt(link.replaceAll('&#38;', '&'), { mode: 'auto' }));
    expect(second.text).toContain('desk@contoso.example is connected');
    const { events } = (await stack.call('GET', `${accounts}/${id}/events`)).json;
    expect(events.map(({ name }: { name: string }) => name)).toEqual([
      'account.authenticated',
      'account.sign-in-started',
      'account.sign-in-refused',
      'account.added',
    ]);
    expect(events[1]).toMatchObject({ by: 'ada@contoso.example', words: 'A sign-in was started.' });
    expect(events[2].words).toContain('A different account signed in');
  });

  it('says so when consent was declined, and ends the attempt', async () => {
    const { id, signInUrl } = await stack.addAccount('declined@contoso.example');
    const back = await stack.signInAt(signInUrl, { mode: 'deny' });
    const page = await visit(back);
    expect(page.status).toBe(403);
    expect(page.text).toContain('was declined');
    expect(page.text).toContain('An administrator of Mailroom can start the sign-in again');
    expect((await visit(back)).status).toBe(410);
    expect((await stack.call('GET', `${accounts}/${id}`)).json).toMatchObject({
      state: 'awaiting-sign-in',
      stateWords: expect.stringMatching(/^Waiting for sign-in: the request for permissions was declined/),
    });
    await stack.call('POST', `${accounts}/${id}/sign-in`);
    expect((await stack.call('GET', `${accounts}/${id}`)).json).toMatchObject({ stateWords: 'Waiting for sign-in' });
  });

  it('says why Microsoft gave no token, and by what its support finds that again', async () => {
    const { id, signInUrl } = await stack.addAccount('policy@contoso.example');
    const back = await stack.signInAt(signInUrl, { mode: 'auto' });
    const fault = { kind: 'entra-refusal', aadsts: 53003, error: 'access_denied', mailbox: 'policy@contoso.example' };
    await stack.control('POST', '/faults', { ...fault, count: 1 });
    const page = await visit(back);
    expect(page.status).toBe(403);
    expect(page.text).toContain('forbids access from this server&#39;s address');
    expect(page.text).toMatch(/AADSTS53003 · HTTP 400 · trace id [\w-]{36}</);
    const trace = { code: 'AADSTS53003', status: 400, requestId: expect.stringMatching(/^[\w-]{36}$/) };
    expect((await stack.call('GET', `${accounts}/${id}`)).json).toMatchObject({
      signIn: { reason: 'server-blocked-by-policy', ...trace },
    });
    const { events } = (await stack.call('GET', `${accounts}/${id}/events`)).json;
    expect(events[0]).toMatchObject({ name: 'account.sign-in-refused', details: trace });
    expect(stack.log()).toMatch(/"code":"AADSTS53003".*"sign-in.refused"/);
  });

  it("names a wrong clock with its difference, in the reader's language", async () => {
    const { signInUrl } = await stack.addAccount('clock@contoso.example');
    await stack.control('POST', '/faults', { kind: 'clock', skewSeconds: -7_200 });
    try {
      const back = await stack.signInAt(signInUrl, { mode: 'auto' });
      const page = await visit(back, { 'accept-language': 'de' });
      expect(page.text).toMatch(
        /Die Uhr dieses Servers geht gegenüber der von Microsoft (2 Stunden|1 Stunde 59).* vor\./,
      );
    } finally {
      await stack.control('DELETE', '/faults');
    }
  });

  it('says so when an administrator of Microsoft 365 has to approve first', async () => {
    const { id } = await stack.addAccount('approval@contoso.example');
    const { json } = await stack.call('POST', `${accounts}/${id}/sign-in`);
    const state = new URL(await stack.connectAt(json.signInUrl)).searchParams.get('state');
    const page = await visit(
      `/api/v1/email/sign-in/callback?error=access_denied&error_description=AADSTS90094%3A+x&state=${state}`,
    );
    expect(page.status).toBe(403);
    expect(page.text).toContain('An administrator of Microsoft 365 has to approve Mailroom first');
  });

  it('knows no state but its own', async () => {
    for (const query of ['', '?code=x&state=y', `?code=x&state=${'A'.repeat(43)}`, '?state=a&state=b&code=x']) {
      const page = await visit(`/api/v1/email/sign-in/callback${query}`);
      expect([query, page.status]).toEqual([query, 400]);
      expect(page.text).toContain('This sign-in is not known');
    }
  });

  it('refuses an attempt that is older than a day', async () => {
    const { id, signInUrl } = await stack.addAccount('slow@contoso.example');
    const back = await stack.signInAt(signInUrl, { mode: 'auto' });
    await stack.db
      .updateTable('signIns')
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where('accountId', '=', id)
      .execute();
    const page = await visit(back);
    expect([page.status, page.text]).toEqual([410, expect.stringContaining('This link has expired')]);
  });

  it('keeps the code while no worker answers, and goes on when the page is loaded again', async () => {
    const { id, signInUrl } = await stack.addAccount('patient@contoso.example');
    const back = await stack.signInAt(signInUrl, { mode: 'auto' });
    const away = await startTestApi({
      db: stack.db,
      keys: stack.keys,
      simulatorUrl: stack.simulatorUrl,
      withoutKeys: true,
    });
    try {
      const page = await away.call('GET', back, { key: null });
      expect(page.status).toBe(503);
      expect(page.text).toContain('Reload this page');
    } finally {
      await away.stop();
    }
    expect((await visit(back)).status).toBe(200);
    expect((await stack.call('GET', `${accounts}/${id}`)).json.state).toBe('authenticated');
  });

  it('thanks an administrator of Microsoft 365 for the approval', async () => {
    const page = await visit('/api/v1/email/sign-in/callback?admin_consent=True&tenant=x&state=admin-consent');
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('approved for your organisation')]);
  });
});

describe('an account', () => {
  it('is disabled and enabled, each once, and what is so already is an answer', async () => {
    const { id, signInUrl } = await stack.addAccount('toggle@contoso.example');
    await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));
    const patch = (body: unknown) => stack.call('PATCH', `${accounts}/${id}`, { body });
    const disabled = { state: 'paused', enabled: false };
    expect((await patch({ enabled: false })).json).toMatchObject({ ...disabled, command: { outcome: 'done' } });
    expect((await patch({ enabled: false })).json).toMatchObject({ ...disabled, command: { outcome: 'unchanged' } });
    expect((await patch({ enabled: true, resume: 'from-now' })).json).toMatchObject({
      enabled: true,
      command: { outcome: 'done', state: 'authenticated' },
    });
    const longAgo = new Date('2026-01-01T00:00:00Z');
    await stack.db.updateTable('accounts').set({ captureFrom: longAgo }).where('id', '=', id).execute();
    expect((await patch({ enabled: true, resume: 'from-now' })).json).toMatchObject({
      command: { outcome: 'unchanged' },
      captureFrom: longAgo.toISOString(),
    });
    expect((await patch({ restsWhenQuiet: true })).json).toMatchObject({ command: null });
    const { events } = (await stack.call('GET', `${accounts}/${id}/events`)).json;
    const words = events.map((event: { words: string }) => event.words);
    expect(words).toContain('Enabled: mail is routed from now on.');
    expect(events.filter(({ name }: { name: string }) => name === 'account.resumed')).toHaveLength(1);
    expect(events).toContainEqual(expect.objectContaining({ name: 'account.resumed', by: 'key of Admin' }));
  });

  it('tells how much mail came while it was disabled, as the mail server counts it', async () => {
    const address = 'missed@contoso.example';
    const { id, signInUrl } = await stack.addAccount(address);
    await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));
    const deliver = (subject: string) =>
      stack.control('POST', `/mailboxes/${address}/messages`, { subject, text: 'Hello', from: 'jo@example.net' });
    const read = async () => (await stack.call('GET', `${accounts}/${id}`)).json;
    await deliver('Before');
    await eventually(async () => expect(await read()).toMatchObject({ capturedToday: 1 }), { timeoutMs: 10_000 });
    await stack.call('PATCH', `${accounts}/${id}`, { body: { enabled: false } });
    const missed = async () => (await stack.call('GET', `${accounts}/${id}/missed`)).json;
    expect(await missed()).toMatchObject({ count: 0 });
    await deliver('One');
    await deliver('Two');
    expect(await missed()).toMatchObject({ count: 2 });
    await stack.call('PATCH', `${accounts}/${id}`, { body: { enabled: true } });
    await eventually(async () => expect(await read()).toMatchObject({ capturedToday: 3 }), { timeoutMs: 10_000 });
    expect(await missed()).toMatchObject({ count: 0 });
  });

  it('says that it cannot count while somebody has to sign in', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    const { status, json } = await stack.call('GET', `${accounts}/${id}/missed`);
    expect(status).toBe(409);
    expect(json).toMatchObject({ type: 'urn:mailroom:problem:sign-in-needed' });
  });

  it.each([
    [422, {}],
    [400, { enabled: 'yes' }],
    [422, { enabled: false, resume: 'catch-up' }],
    [422, { resume: 'catch-up' }],
    [400, { enabled: null }],
    [400, { restsWhenQuiet: 'yes' }],
    [400, { address: 'other@contoso.example' }],
  ])('answers %i to a change that it does not know: %j', async (status, body) => {
    const id = await anAccount(stack.db, { enabled: false });
    expect((await stack.call('PATCH', `${accounts}/${id}`, { body })).status).toBe(status);
  });

  it('may be allowed to rest while it is quiet, which is remembered with who allowed it', async () => {
    const id = await anAccount(stack.db);
    const changed = await stack.call('PATCH', `${accounts}/${id}`, { body: { restsWhenQuiet: true } });
    expect(changed.json).toMatchObject({ delivery: { restsWhenQuiet: true } });
    const { json } = await stack.call('GET', `${accounts}/${id}/events`);
    expect(json.events[0]).toMatchObject({ name: 'account.rest-changed', words: expect.stringMatching(/less often/) });
  });

  it('is removed with a receipt, and then is not there', async () => {
    const id = await anAccount(stack.db, { address: 'gone@contoso.example', enabled: false });
    const removed = await stack.call('DELETE', `${accounts}/${id}`);
    expect(removed.json).toMatchObject({
      removed: true,
      address: 'gone@contoso.example',
      itemsKept: 0,
      words: expect.stringContaining('gone@contoso.example is removed'),
    });
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/sign-in'],
      ['GET', '/routing'],
      ['GET', '/events'],
    ] as const) {
      expect([path, (await stack.call(method, `${accounts}/${id}${path}`)).status]).toEqual([path, 404]);
    }
    expect((await stack.addAccount('gone@contoso.example')).id).not.toBe(id);
  });

  it('is removed together with others, each for itself', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => anAccount(stack.db, { enabled: false })));
    const stranger = '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11';
    const body = { ids: [...ids, stranger, ids[0]], requestId: randomUUID() };
    const { status, json } = await stack.call('POST', `${accounts}/remove`, { body });
    expect(status).toBe(200);
    expect(json.results.map(({ id, removed }: { id: string; removed: boolean }) => [id, removed])).toEqual([
      ...ids.map((id) => [id, true]),
      [stranger, false],
    ]);
    expect(json.results[3].problem).toMatchObject({ status: 404, detail: expect.stringContaining('no such account') });
    const repeated = (await stack.call('POST', `${accounts}/remove`, { body })).json;
    expect(repeated.results.slice(0, 3)).toEqual(json.results.slice(0, 3));
    const again = (await stack.call('POST', `${accounts}/remove`, { body: { ids } })).json;
    expect(again.results).toMatchObject(ids.map((id) => ({ id, removed: false, problem: { status: 404 } })));
  });

  it('shows in words what hinders it', async () => {
    const until = new Date('2026-11-24T12:34:00Z');
    const id = await anAccount(stack.db, { enabled: false, conditionType: 'Throttled', conditionUntil: until });
    expect((await stack.call('GET', `${accounts}/${id}`)).json.condition).toMatchObject({
      type: 'Throttled',
      words: 'Microsoft asked Mailroom to wait until 2026-11-24 12:34 UTC.',
    });
    const busy = { conditionType: 'Throttled', conditionReason: 'budget-used-up', conditionUntil: until };
    const usedUp = await anAccount(stack.db, { enabled: false, ...busy });
    expect((await stack.call('GET', `${accounts}/${usedUp}`)).json.condition.words).toBe(
      'Mailroom has sent this mailbox as many requests as Microsoft allows in a period. It continues at 2026-11-24 12:34 UTC.',
    );
    const needed = await anAccount(stack.db, { enabled: false, signIn: 'needed', signInReason: 'password-changed' });
    expect((await stack.call('GET', `${accounts}/${needed}`)).json.stateWords).toBe(
      'Sign-in needed: the password of the account was changed, or its sign-ins were revoked.',
    );
  });

  it('offers to sign in once Microsoft has refused the access for an hour, and not before', async () => {
    const refused = async (minutes: number, conditionType = 'AccessRefused') => {
      const conditionSince = new Date(Date.now() - minutes * 60_000);
      const condition = { conditionType, conditionReason: 'token-refused', conditionSince };
      const id = await anAccount(stack.db, { enabled: false, ...condition });
      return (await stack.call('GET', `${accounts}/${id}`)).json.condition;
    };
    expect(await refused(59)).toMatchObject({ signInMayHelp: false, words: expect.not.stringContaining('may help') });
    const words = expect.stringContaining('Signing in again may help.');
    expect(await refused(61)).toMatchObject({ signInMayHelp: true, words });
    expect(await refused(600, 'Unavailable')).toMatchObject({ signInMayHelp: false });
  });

  it('has a quarantine whose messages are tried again', async () => {
    const id = await anAccount(stack.db, { enabled: false });
    const parked = { accountId: id, graphId: 'AAk1', folder: 'inbox', reason: 'unreadable', code: null };
    await stack.db.insertInto('quarantine').values(parked).execute();
    const list = async () => (await stack.call('GET', `${accounts}/${id}/quarantine`)).json.messages;
    const [message] = await list();
    expect(message).toMatchObject({ state: 'parked', words: expect.stringContaining('cannot be read') });
    expect((await stack.call('GET', `${accounts}/${id}`)).json.quarantined).toBe(1);
    expect([message.preview, message.receivedAt]).toEqual([null, null]);
    const found = {
      accountId: id,
      graphId: 'AAk1',
      outcome: 'quarantined',
      receivedAt: new Date('2026-05-01'),
    } as const;
    await stack.db.insertInto('differences').values(found).execute();
    expect((await list())[0].receivedAt).toBe('2026-05-01T00:00:00.000Z');
    const readable = JSON.stringify({ subject: 'Hello', receivedAt: '2026-06-01T10:00:00Z' });
    await stack.db.updateTable('quarantine').set({ preview: readable }).where('id', '=', message.id).execute();
    expect((await list())[0]).toMatchObject({ receivedAt: '2026-06-01T10:00:00.000Z', preview: { subject: 'Hello' } });
    const retried = await stack.call('POST', `${accounts}/${id}/quarantine/${message.id}/retry`);
    expect(retried.json.state).toBe('retrying');
    const other = await anAccount(stack.db, { enabled: false });
    expect((await stack.call('POST', `${accounts}/${other}/quarantine/${message.id}/retry`)).status).toBe(404);
  });
});

describe('the list of accounts', () => {
  it('is searched, sorted and paged, and nothing of a search has a meaning', async () => {
    for (const name of ['b', 'a', 'c'])
      await anAccount(stack.db, { address: `list-${name}@fabrikam.example`, enabled: false });
    const get = async (query: string) => (await stack.call('GET', `${accounts}?${query}`)).json;
    const names = async (query: string) =>
      (await get(query)).accounts.map((account: { address: string }) => account.address[5]);
    expect(await names('search=LIST-')).toEqual(['a', 'b', 'c']);
    expect(await names('search=list-&order=descending')).toEqual(['c', 'b', 'a']);
    expect(await names('search=list-&sort=added')).toEqual(['b', 'a', 'c']);
    expect(await get('search=list-&pageSize=2&page=2')).toMatchObject({ total: 3, page: 2, accounts: [{}] });
    for (const search of ['%25', '_ist-', '*', "'", '\\'])
      expect(await get(`search=${search}`)).toMatchObject({ total: 0 });
  });
});

describe('a command on a database that takes no writes', () => {
  it('answers that it is not known what became of it, and not that nobody expected this', async () => {
    const { id, signInUrl } = await stack.addAccount('full-disk@contoso.example');
    await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));
    const { db } = stack;
    await sql`create function refuse_writes() returns trigger language plpgsql as $$ begin
      raise exception using errcode = 'disk_full'; end $$`.execute(db);
    await sql`create trigger full_disk before update on accounts for each row execute function refuse_writes()`.execute(
      db,
    );
    try {
      const { status, json } = await stack.call('PATCH', `${accounts}/${id}`, { body: { enabled: false } });
      expect([status, json.type]).toEqual([503, expect.stringContaining('unavailable')]);
      expect(json.detail).not.toContain('Nothing was changed');
    } finally {
      await sql`drop trigger full_disk on accounts`.execute(db);
    }
  });
});

describe('commands to one account', () => {
  const lived = async (id: string) => {
    const rows = await stack.db
      .selectFrom('events')
      .select('name')
      .where('accountId', '=', id)
      .where('name', 'in', ['account.paused', 'account.resumed'])
      .orderBy('id')
      .execute();
    return rows.map(({ name }) => name);
  };
  const anEnabledAccount = async (address: string) => {
    const { id, signInUrl } = await stack.addAccount(address);
    await visit(await stack.signInAt(signInUrl, { mode: 'auto' }));
    const command = (enabled: boolean) => stack.call('PATCH', `${accounts}/${id}`, { body: { enabled } });
    return { id, command };
  };

  it('are carried out in the order in which they are sent, where each waits for the answer to the one before', async () => {
    const { id, command } = await anEnabledAccount('in-turn@contoso.example');
    for (let n = 0; n < 3; n += 1) {
      for (const enabled of [false, true]) expect((await command(enabled)).json).toMatchObject({ enabled });
    }
    expect(await lived(id)).toEqual(Array(3).fill(['account.paused', 'account.resumed']).flat());
  });

  it('are carried out one after another where many come at once: no answer is untrue, and the last one holds', async () => {
    const { id, command } = await anEnabledAccount('at-once@contoso.example');
    const answers = await Promise.all([false, true, false, true, false, true, false].map(command));
    const done = answers.filter(({ status }) => status === 200).length;
    const changes = await lived(id);
    expect(changes.length).toBeGreaterThan(0);
    expect(changes.length).toBeLessThanOrEqual(done);
    // What is disabled is enabled next, and the reverse: no command was judged by what another had changed already.
    expect(changes).toEqual(changes.map((_, n) => (n % 2 === 0 ? 'account.paused' : 'account.resumed')));
    const enabled = changes.at(-1) === 'account.resumed';
    const state = enabled ? 'authenticated' : 'paused';
    expect((await stack.call('GET', `${accounts}/${id}`)).json).toMatchObject({ enabled, state });
    expect((await command(!enabled)).json).toMatchObject({ enabled: !enabled });
  });
});

describe('what Temporal knows of all accounts of this file', () => {
  it('names no person, mailbox, mail or secret to who has no keys', async () => {
    const { texts, payloads } = await readableInTemporal(stack.worker.client);
    expect(payloads.length).toBeGreaterThan(50);
    expect(new Set(payloads.map(({ encoding }) => encoding))).toEqual(new Set(['binary/encrypted']));
    const { clientSecret } = simulatedSettings;
    const secret = /@contoso|contoso\.example|fabrikam|Full Disk|eyJ0|key of Admin/i;
    expect(texts.filter((text) => secret.test(text) || text.includes(clientSecret))).toEqual([]);
  });
});
