import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTcpProxy } from '../../chaos/network/tcp-proxy.ts';
import { pauseAccount } from '../../database/accounts/account-toggle.ts';
import { capturePage } from '../../database/capture/capture.ts';
import { openCursor } from '../../database/ingest/cursors.ts';
import { recordDifferences } from '../../database/ingest/differences.ts';
import { advanceList, readByList, trustDelta } from '../../database/ingest/listed-mailboxes.ts';
import { openComparison, recordTurn, requestReconciliation } from '../../database/ingest/reconciliations.ts';
import { forgetSubscription, storeSubscription } from '../../database/ingest/subscriptions.ts';
import { revokeApiKey } from '../../database/people/api-keys.ts';
import { changeUser } from '../../database/people/users.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { type FollowedChanges, followChanges, told } from '../support/follow-changes.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
const reading = new AbortController();
const others: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  api = await startTestApi();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterEach(async () => {
  await Promise.all(others.splice(0).map((other) => other.stop()));
});
afterAll(async () => {
  reading.abort();
  await api.stop();
});

async function follow(headers: Record<string, string>, from = api) {
  const { port } = from.app.server.address() as AddressInfo;
  return await followChanges(`http://127.0.0.1:${port}`, headers, reading.signal);
}

const withKey = (key: string) => ({ authorization: `Bearer ${key}` });
const topics = (stream: FollowedChanges) => [...new Set(told(stream).map(({ topic }) => topic))];

describe('the stream of changes', () => {
  it('tells at once what changed, whichever process changed it', async () => {
    const other = await startTestApi({ db: api.db, keys: api.keys, databaseUrl: api.databaseUrl, withoutKeys: true });
    others.push(other);
    await other.app.listen({ host: '127.0.0.1', port: 0 });
    const [here, there] = await Promise.all([
      follow(withKey(api.apiKeys.Admin)),
      follow(withKey(api.apiKeys.Admin), other),
    ]);
    const { json } = await api.call('POST', '/api/v1/queues', { body: { name: 'Billing' } });
    for (const stream of [here, there]) {
      await eventually(() => expect(told(stream)).toContainEqual({ topic: 'queues', ids: [json.id] }));
    }
    expect(here.headers.get('content-type')).toContain('text/event-stream');
    expect(here.headers.get('cache-control')).toBe('no-store');
  });

  it('tells nobody of what they may not read', async () => {
    const [admin, agent] = await Promise.all([follow(withKey(api.apiKeys.Admin)), follow(withKey(api.apiKeys.Agent))]);
    const id = await anAccount(api.db);
    await pauseAccount(api.db, id, 'cli');
    await api.call('POST', '/api/v1/users', { body: { email: 'new@contoso.example', profile: 'Agent' } });
    await api.call('POST', '/api/v1/queues', { body: { name: 'Returns' } });
    await eventually(() => expect(topics(admin).sort()).toEqual(['accounts', 'queues', 'users']));
    await eventually(() => expect(topics(agent)).toEqual(['queues']));
  });

  it('asks who it is, like every other route', async () => {
    const { status } = await api.call('GET', '/api/v1/changes', { key: null });
    expect(status).toBe(401);
  });

  it('ends with the session of a user who is disabled, and says so', async () => {
    const { userId, headers } = await api.browserOf('Agent', 'grace@contoso.example');
    const stream = await follow(headers);
    await changeUser(api.db, 'cli', userId, { enabled: false });
    await eventually(() => expect(stream.hasEnded).toBe(true));
    expect(stream.events.at(-1)?.event).toBe('signed-out');
  });

  it('ends with the session that is signed out elsewhere, and with a key that is revoked', async () => {
    const { userId, headers } = await api.browserOf('Agent', 'lin@contoso.example');
    const key = await api.keyFor('Agent', 'short-lived');
    const streams = await Promise.all([follow(headers), follow(withKey(key))]);
    await api.db.deleteFrom('sessions').where('userId', '=', userId).execute();
    await revokeApiKey(api.db, 'cli', { name: 'short-lived' });
    for (const stream of streams) await eventually(() => expect(stream.hasEnded).toBe(true));
  });

  it('follows another profile of who reads', async () => {
    const { userId, headers } = await api.browserOf('Agent', 'kim@contoso.example');
    const stream = await follow(headers);
    await changeUser(api.db, 'cli', userId, { profile: 'Supervisor' });
    await eventually(() => expect(told(stream)).toContainEqual({ topic: 'me' }));
    const id = await anAccount(api.db);
    await eventually(() => expect(told(stream)).toContainEqual({ topic: 'accounts', ids: [id] }));
  });

  it('refuses more streams than anybody needs', async () => {
    const key = await api.keyFor('Agent', 'greedy');
    await Promise.all(Array.from({ length: 20 }, () => follow(withKey(key))));
    const { port } = api.app.server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/changes`, { headers: withKey(key) });
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({ detail: 'You follow changes 20 times already. Close some of them.' });
  });

  it('ends while PostgreSQL is away, and can be followed again when it is back', async () => {
    const url = new URL(api.databaseUrl);
    const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.port = String(proxy.port);
    const far = await startTestApi({ db: api.db, keys: api.keys, databaseUrl: url.href, withoutKeys: true });
    others.push(far, { stop: () => proxy.close() });
    await far.app.listen({ host: '127.0.0.1', port: 0 });
    const stream = await follow(withKey(api.apiKeys.Admin), far);
    await proxy.cut();
    await eventually(() => expect(stream.hasEnded).toBe(true));
    await proxy.restore();
    const again = await follow(withKey(api.apiKeys.Admin), far);
    await api.call('POST', '/api/v1/queues', { body: { name: 'Sales' } });
    await eventually(() => expect(topics(again)).toContain('queues'));
  });
});

describe('the notices of PostgreSQL', () => {
  let listener: pg.Client;
  const notices: string[] = [];
  beforeAll(async () => {
    listener = new pg.Client({ connectionString: api.databaseUrl });
    await listener.connect();
    listener.on('notification', ({ payload = '' }) => notices.push(payload));
    await listener.query('listen mailroom_changes');
  });
  afterAll(() => listener.end());

  /** What was told of some work: between two marks that are told before and after it. */
  async function noticesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
    notices.length = 0;
    const mark = async (name: string) => {
      await sql`select pg_notify('mailroom_changes', ${name})`.execute(api.db);
      await eventually(() => expect(notices).toContain(name));
      return notices.indexOf(name);
    };
    const before = await mark('before');
    await work();
    return notices.slice(before + 1, await mark('after'));
  }

  it('tell a page of captured mail once, however much it holds', async () => {
    const accountId = await anAccount(api.db);
    const { version } = await openCursor(api.db, accountId, 'inbox');
    const page = {
      accountId,
      folder: 'inbox',
      origin: 'walk' as const,
      step: { version, link: 'https://graph.example/delta', complete: true, entries: 51 },
      messages: Array.from({ length: 50 }, () => aMessage()),
      rejected: [{ graphId: 'AAkrejected', reason: 'unreadable' as const }],
    };
    expect(await noticesOf(() => capturePage(api.db, page))).toEqual([`items:${accountId}`]);
  });

  it('do not tell that an account was proved current again', async () => {
    const id = await anAccount(api.db);
    const prove = () => api.db.insertInto('watches').values({ accountId: id, currentAt: sql`now()` }).execute();
    expect(await noticesOf(prove)).toEqual([]);
    const measure = () => sql`update accounts set clock_skew_ms = 5 where id = ${id}`.execute(api.db);
    expect(await noticesOf(measure)).toEqual([]);
    const throttle = () => sql`update accounts set condition_type = 'Throttled' where id = ${id}`.execute(api.db);
    expect(await noticesOf(throttle)).toEqual([`accounts:${id}`]);
  });

  it('tell of notifications, full mailboxes and comparisons once for each change of their state', async () => {
    const id = await anAccount(api.db);
    const once = [`accounts:${id}`];
    const subscribe = (graphId: string, isNew: boolean) =>
      storeSubscription(api.db, id, {
        id: graphId,
        notificationUrl: 'https://mailroom.example',
        expiresAt: new Date(Date.now() + 3_600_000),
        dueAt: new Date(Date.now() + 1_800_000),
        isNew,
        ceilingMinutes: undefined,
      });
    expect(await noticesOf(() => subscribe('one', true))).toEqual(once);
    expect(await noticesOf(() => subscribe('one', false))).toEqual([]);
    expect(await noticesOf(() => forgetSubscription(api.db, id))).toEqual(once);

    expect(await noticesOf(() => readByList(api.db, id, { reason: 'quota-exceeded' }))).toEqual(once);
    expect(await noticesOf(() => readByList(api.db, id, { reason: 'quota-exceeded' }))).toEqual([]);
    expect(await noticesOf(() => advanceList(api.db, id, new Date()))).toEqual([]);
    expect(await noticesOf(() => trustDelta(api.db, id))).toEqual(once);

    await requestReconciliation(api.db, id);
    expect(await noticesOf(() => openComparison(api.db, id))).toEqual(once);
    const turn = async (next: Date | undefined) => {
      const comparison = await openComparison(api.db, id);
      if (!comparison || 'dueInMs' in comparison) throw new Error('It did not begin');
      await recordTurn(api.db, id, comparison, { seen: 1_000, known: 1_000, next });
    };
    expect(await noticesOf(() => turn(new Date()))).toEqual([]);
    const found = new Map([['AAkmissing', { outcome: 'gone' as const }]]);
    expect(await noticesOf(() => recordDifferences(api.db, id, found))).toEqual(once);
    expect(await noticesOf(() => turn(undefined))).toEqual(once);
  });

  it('hold ids and nothing personal', async () => {
    const heard = await noticesOf(async () => {
      await anAccount(api.db, { address: 'secret@contoso.example' });
      await api.browserOf('Agent', 'private@contoso.example');
    });
    expect(heard.length).toBeGreaterThan(0);
    for (const notice of heard) expect(notice).toMatch(/^[a-z]+(:[\da-f-]{36})?$/);
  });
});
