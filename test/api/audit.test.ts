import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { tokenHash } from '../../api/http/random-token.ts';
import { sealEntries } from '../../database/audit/seal-entries.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { startTestApi, type TestApi } from './test-api.ts';

const SUBJECT = 'Canary of a subject';
let api: TestApi;
let ada: Awaited<ReturnType<TestApi['browserOf']>>;
let queueId: string;
let itemId: string;
beforeAll(async () => {
  api = await startTestApi({ api: { trustProxy: ['127.0.0.1'] } });
  ada = await api.browserOf('Admin', 'ada@contoso.example');
  queueId = await aQueue(api.db);
  const accountId = await anAccount(api.db, { defaultQueueId: queueId });
  const router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
  await insertMessages(api.db, accountId, [aMessage({ subject: SUBJECT })], router);
  ({ id: itemId } = await api.db.selectFrom('items').select('id').executeTakeFirstOrThrow());
});
afterAll(() => api.stop());

const browser = { 'x-forwarded-for': '203.0.113.9', 'user-agent': `Firefox/143\u0007 ${'x'.repeat(300)}` };
const asAda = (method: string, path: string, body?: object) =>
  api.call(method, `/api/v1${path}`, { key: null, headers: { ...ada.headers, ...browser }, ...(body && { body }) });
const entries = async (query: string) => (await api.call('GET', `/api/v1/audit?${query}`)).json.entries;

describe('the audit trail', () => {
  it('says who did what to whom, from where and when, with the values before and after', async () => {
    const { json: user } = await asAda('POST', '/users', { email: 'bob@contoso.example', profile: 'Agent' });
    await asAda('PATCH', `/users/${user.id}`, { profile: 'Supervisor' });
    await asAda('PATCH', `/users/${user.id}`, { profile: 'Supervisor' });
    await asAda('DELETE', `/users/${user.id}`);
    const found = await entries(`object=${user.id}&actor=ada@contoso.example`);
    expect(found.map(({ act }: { act: string }) => act).slice(-2)).toEqual(['user.change', 'user.add']);
    expect(found[0]).toMatchObject({ act: 'user.remove', objectName: 'bob@contoso.example' });
    expect(found.at(-2)).toMatchObject({
      outcome: 'done',
      actor: `user:${ada.userId}`,
      actorName: 'ada@contoso.example',
      profile: 'Admin',
      address: '203.0.113.9',
      agent: expect.stringMatching(/^Firefox\/143 {2}x{100,108}$/),
      objectKind: 'user',
      objectName: 'bob@contoso.example',
      changes: [{ table: 'users', before: { profile: 'Agent' }, after: { profile: 'Supervisor' } }],
    });
  });

  it('has the reading of a mail before it is shown, once in five minutes, and nothing of the mail', async () => {
    for (const path of ['', '/html', '']) expect((await asAda('GET', `/items/${itemId}${path}`)).status).toBe(200);
    const found = await entries(`object=${itemId}`);
    expect(found).toMatchObject([{ act: 'mail.read', actorName: 'ada@contoso.example', outcome: 'done' }]);
    await asAda('GET', `/search?q=Canary`);
    await asAda('GET', `/queues/${queueId}/items`);
    const { rows } = await sql<{ text: string }>`select string_agg(e::text, ' ') as text from audit_entries e`.execute(
      api.db,
    );
    expect(rows[0]?.text).toContain('mail.search');
    expect(rows[0]?.text).toContain('mail.list');
    expect(rows[0]?.text).not.toContain('Canary');
  });

  it('refuses what cannot be taken back when the right ended while the request was under way, and changes nothing', async () => {
    const eve = await api.browserOf('Admin', 'eve@contoso.example');
    const standsStill = new pg.Client({ connectionString: api.databaseUrl });
    await standsStill.connect();
    try {
      // The guard has let the request in; its work waits here.
      await standsStill.query('begin; lock table erasures in access exclusive mode');
      const body = { scope: 'sender', address: 'mia@fabrikam.example', reason: 'Request 1' };
      const asked = api.call('POST', '/api/v1/erasures', { key: null, headers: eve.headers, body });
      await eventually(async () => {
        const { rows } = await sql`select from pg_locks where not granted and database is not null`.execute(api.db);
        expect(rows.length).toBeGreaterThan(0);
      });
      await api.db.updateTable('users').set({ enabled: false }).where('id', '=', eve.userId).execute();
      await standsStill.query('commit');
      expect(await asked).toMatchObject({ status: 403, json: { reason: 'right-ended' } });
    } finally {
      await standsStill.end();
    }
    expect(await api.db.selectFrom('erasures').selectAll().execute()).toEqual([]);
    const found = await entries(`actor=eve@contoso.example&act=erasure.request`);
    expect(found).toMatchObject([{ outcome: 'refused', reason: 'right-ended' }]);
  });

  it('that cannot be written shows no mail and changes nothing', async () => {
    await sql`create function full_disk() returns trigger language plpgsql as 'begin raise ''no space'' using errcode = ''53100''; end'`.execute(
      api.db,
    );
    await sql`create trigger full_disk before insert on audit_entries execute function full_disk()`.execute(api.db);
    try {
      const bob = await api.browserOf('Agent', 'reader@contoso.example').catch(() => undefined);
      expect(bob).toBeUndefined();
      const source = await asAda('GET', `/search?q=${SUBJECT.split(' ')[0]}`);
      expect([source.status, source.text]).toEqual([503, expect.not.stringContaining('Canary')]);
      const claimed = await asAda('POST', `/items/${itemId}/claim`, {});
      expect(claimed).toMatchObject({ status: 503, json: { facts: { outcome: 'nothing' } } });
    } finally {
      await sql`drop function full_disk cascade`.execute(api.db);
    }
    const item = await api.db.selectFrom('items').select('state').where('id', '=', itemId).executeTakeFirst();
    expect(item).toEqual({ state: 'waiting' });
    expect((await asAda('POST', `/items/${itemId}/claim`, {})).status).toBe(200);
    expect((await entries(`object=${itemId}&act=item.claim`))[0]).toMatchObject({
      outcome: 'done',
      changes: [{ table: 'items', before: { state: 'waiting' }, after: { state: 'claimed' } }],
    });
  });

  it('has attempts that were refused: with a wrong, an expired or a misplaced key, by profile, and too many', async () => {
    const key = async (name: string, more: object) => {
      const made = createApiKey();
      await addApiKey(api.db, 'cli', {
        name,
        profile: 'Agent',
        keyHash: tokenHash(made),
        hint: made.slice(-4),
        ...more,
      });
      return made;
    };
    const expired = await key('expired', { expiresAt: new Date(Date.now() - 1_000) });
    const elsewhere = await key('elsewhere', { limits: { networks: ['198.51.100.0/24'] } });
    await api.call('GET', '/api/v1/queues', { key: expired });
    await api.call('GET', '/api/v1/queues', { key: elsewhere });
    await api.call('GET', '/api/v1/users', { key: api.apiKeys.Agent });
    await api.call('GET', `/api/v1/items/${crypto.randomUUID()}`, { key: api.apiKeys.Agent });
    const headers = { 'x-forwarded-for': '203.0.113.66' };
    for (let n = 0; n < 32; n++) await api.call('GET', '/api/v1/queues', { key: createApiKey(), headers });
    await api.call('GET', '/api/v1/queues', { key: null, headers: { 'x-forwarded-for': '203.0.113.67' } });
    const refused = await entries('outcome=refused&pageSize=200');
    const seen = refused.map(({ actorName, reason, address }: Record<string, string>) => [actorName, reason, address]);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['expired', 'key-expired', '127.0.0.1'],
        ['elsewhere', 'key-from-elsewhere', '127.0.0.1'],
        ['key of Agent', 'permission-missing', '127.0.0.1'],
        ['key of Agent', 'no-such-item', '127.0.0.1'],
        [null, 'key-unknown', '203.0.113.66'],
        [null, 'too-many-attempts', '203.0.113.66'],
      ]),
    );
    expect(await entries('address=203.0.113.66')).toHaveLength(2);
    expect(await entries('address=203.0.113.67')).toEqual([]);
  });

  it('has the use of each key once an hour, and sign-outs with the session that ended', async () => {
    expect(await entries('act=key.use&actor=key of Agent')).toHaveLength(1);
    const bob = await api.browserOf('Agent', 'leaver@contoso.example');
    await api.call('POST', '/auth/sign-out', { key: null, headers: { ...bob.headers, ...browser }, body: {} });
    expect(await entries('actor=leaver@contoso.example')).toMatchObject([
      {
        act: 'session.sign-out',
        objectName: 'leaver@contoso.example',
        changes: [{ table: 'sessions', change: 'removed' }],
      },
    ]);
  });

  it('is read by page, and exported with the place in the chain and without formulas', async () => {
    await asAda('POST', '/queues', { name: '=1+1' });
    await sealEntries(api.db, api.keys);
    const first = (await api.call('GET', '/api/v1/audit?pageSize=2')).json;
    const second = (await api.call('GET', `/api/v1/audit?pageSize=2&cursor=${first.nextCursor}`)).json;
    const ids = [...first.entries, ...second.entries].map(({ id }: { id: number }) => id);
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => b - a));
    const csv = await api.call('GET', '/api/v1/audit.csv?act=queue.add');
    expect(csv.text).toMatch(/^\ufeffnumber,at,act,/);
    expect(csv.text).toContain(`,'=1+1,`);
    const jsonl = await api.call('GET', '/api/v1/audit.jsonl?act=queue.add');
    expect(
      jsonl.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      {
        act: 'queue.add',
        objectName: '=1+1',
        number: expect.any(Number),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    expect(await entries('act=audit.export')).toHaveLength(2);
    expect((await api.call('GET', '/api/v1/audit', { key: api.apiKeys.Supervisor })).status).toBe(403);
  });
});
