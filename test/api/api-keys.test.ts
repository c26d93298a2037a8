import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isInNetworks, parseNetwork } from '../../api/access/key-networks.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let admin: Awaited<ReturnType<TestApi['browserOf']>>;
beforeAll(async () => {
  api = await startTestApi({ api: { trustProxy: ['127.0.0.1'] } });
  admin = await api.browserOf('Admin', 'ada@contoso.example');
});
afterAll(() => api.stop());

const make = (body: object) =>
  api.call('POST', '/api/v1/api-keys', { key: null, headers: admin.headers, body: { name: randomUUID(), ...body } });
const keyWith = async (limits: object, profile = 'Agent') => (await make({ profile, ...limits })).json.key as string;
const status = async (key: string, method: string, path: string, body?: object, headers = {}) => {
  const answer = await api.call(method, `/api/v1${path}`, { key, headers, ...(body && { body }) });
  return answer.status >= 400 ? (answer.json.reason as string) : answer.status;
};
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

async function itemIn(queueId: string, accountId: string): Promise<string> {
  const message = aMessage();
  await insertMessages(api.db, accountId, [message], createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  const { id } = await api.db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .select('items.id')
    .where('graphId', '=', message.graphId)
    .executeTakeFirstOrThrow();
  return id;
}

describe('API keys', () => {
  it('are made by a person, shown once, listed with who made them, and revoked', async () => {
    const made = await make({ name: 'reporting', profile: 'Agent', expiresAt: inDays(10) });
    expect(made).toMatchObject({ status: 201, json: { createdByName: 'ada@contoso.example', state: 'expires-soon' } });
    const { id, key, hint } = made.json;
    expect(key.endsWith(hint)).toBe(true);
    expect(await status(key, 'GET', '/queues')).toBe(200);
    const listed = async () =>
      (await api.call('GET', '/api/v1/api-keys')).json.keys.find((each: { id: string }) => each.id === id);
    expect(await listed()).toMatchObject({ name: 'reporting', lastUsedAt: expect.any(String), permissions: null });
    expect(JSON.stringify(await listed())).not.toContain(key);
    expect((await make({ name: 'reporting', profile: 'Agent' })).json).toMatchObject({ reason: 'key-name-taken' });

    const revoke = () => api.call('DELETE', `/api/v1/api-keys/${id}`, { key: null, headers: admin.headers });
    expect((await revoke()).status).toBe(204);
    expect((await revoke()).status).toBe(204);
    expect(await status(key, 'GET', '/queues')).toBe('key-unknown');
    expect(await listed()).toMatchObject({ state: 'revoked' });
  });

  it('are made by no other key, which would outlive its own end, and by no agent', async () => {
    expect(await status(api.apiKeys.Admin, 'POST', '/api-keys', { name: 'x', profile: 'Agent' })).toBe(
      'key-makes-no-key',
    );
    const agent = await api.browserOf('Agent', 'bob@contoso.example');
    const refused = await api.call('GET', '/api/v1/api-keys', { key: null, headers: agent.headers });
    expect(refused.json.reason).toBe('permission-missing');
  });

  it('end when they expire, with words that say so', async () => {
    const { key, id } = (await make({ profile: 'Agent', expiresAt: inDays(90) })).json;
    expect(await status(key, 'GET', '/queues')).toBe(200);
    await api.db
      .updateTable('apiKeys')
      .set({ expiresAt: new Date(Date.now() - 1_000) })
      .where('id', '=', id)
      .execute();
    const expired = await api.call('GET', '/api/v1/queues', { key });
    expect(expired).toMatchObject({ status: 401, json: { reason: 'key-expired' } });
    expect(expired.headers['www-authenticate']).toContain('invalid_token');
    expect((await make({ profile: 'Agent', expiresAt: inDays(-1) })).json.errors).toMatchObject([
      { path: '/expiresAt' },
    ]);
  });

  it('have no more permissions than they were given, in handlers as well', async () => {
    expect((await make({ profile: 'Agent', permissions: ['users.change'] })).json.errors).toMatchObject([
      { path: '/permissions', reason: 'not-of-profile' },
    ]);
    const reading = await keyWith({ permissions: ['items.read'] }, 'Admin');
    expect((await api.call('GET', '/api/v1/me', { key: reading })).json.permissions).toEqual(['items.read']);
    const itemId = await itemIn(await aQueue(api.db), await anAccount(api.db));
    expect(await status(reading, 'GET', `/items/${itemId}`)).toBe(200);
    expect(await status(reading, 'POST', `/items/${itemId}/claim`, {})).toBe('permission-missing');
    expect(await status(reading, 'GET', '/users')).toBe('permission-missing');
    // Without `items.supervise`, an administrator's key takes no item from who holds it.
    const working = await keyWith({ permissions: ['items.read', 'items.work'] }, 'Admin');
    expect(await status(api.apiKeys.Agent, 'POST', `/items/${itemId}/claim`, {})).toBe(200);
    expect(await status(working, 'POST', `/items/${itemId}/release`, {})).toBe('item-held-by-other');
    const other = await aQueue(api.db);
    expect(await status(working, 'POST', `/items/${itemId}/move`, { queueId: other })).toBe('item-held-by-other');
    const { results } = (
      await api.call('POST', '/api/v1/items/bulk', {
        key: working,
        body: { ids: [itemId], action: { kind: 'move', queueId: other } },
      })
    ).json;
    expect(JSON.stringify(results)).toContain('item-held-by-other');
  });

  it('reach only the queues that they were given, as if there were no others', async () => {
    const accountId = await anAccount(api.db);
    const [mine, other] = [await aQueue(api.db), await aQueue(api.db)];
    const [inMine, inOther] = [await itemIn(mine, accountId), await itemIn(other, accountId)];
    const key = await keyWith({ queueIds: [mine] }, 'Admin');
    expect((await api.call('GET', '/api/v1/queues', { key })).json.queues).toMatchObject([{ id: mine }]);
    expect(await status(key, 'GET', `/queues/${mine}/items`)).toBe(200);
    expect(await status(key, 'GET', `/queues/${other}/items`)).toBe('no-such-queue');
    expect(await status(key, 'POST', `/queues/${other}/claim`, {})).toBe('no-such-queue');
    expect(await status(key, 'GET', `/items/${inMine}`)).toBe(200);
    expect(await status(key, 'GET', `/items/${inMine.toUpperCase()}`)).toBe(200);
    for (const path of ['', '/html', '/notes', '/message.eml', '/attachments.zip']) {
      expect(await status(key, 'GET', `/items/${inOther}${path}`)).toBe('no-such-item');
    }
    expect(await status(key, 'POST', `/items/${inMine}/move`, { queueId: other })).toBe('queue-missing');
    expect(await status(key, 'POST', `/items/${inMine}/claim`, {})).toBe(200);
    const draft = (await api.call('POST', `/api/v1/items/${inOther}/drafts`, { body: { kind: 'reply' } })).json;
    expect(await status(key, 'GET', `/drafts/${draft.id}`)).toBe('no-such-draft');
    expect(await status(key, 'GET', `/email/accounts/${accountId}`)).toBe('no-such-account');
    expect(await status(key, 'GET', '/users')).toBe('key-out-of-reach');
    expect(await status(key, 'GET', '/items/x')).toBe('no-such-id');
    expect(await status(key, 'GET', '/me')).toBe(200);
  });

  it('reach only the accounts that they were given', async () => {
    const queueId = await aQueue(api.db);
    const [mine, other] = [await anAccount(api.db), await anAccount(api.db)];
    const key = await keyWith({ accountIds: [mine] }, 'Admin');
    expect(await status(key, 'GET', `/items/${await itemIn(queueId, mine)}`)).toBe(200);
    expect(await status(key, 'GET', `/items/${await itemIn(queueId, other)}`)).toBe('no-such-item');
    expect(await status(key, 'GET', `/email/accounts/${mine}/events`)).toBe(200);
    expect(await status(key, 'GET', `/email/accounts/${other}/events`)).toBe('no-such-account');
    expect(await status(key, 'GET', `/queues/${queueId}/items`)).toBe('no-such-queue');
    expect((await api.call('GET', '/api/v1/queues', { key })).json.queues).toEqual([]);
  });

  it('work only from the networks that they were given, as a trusted proxy names the address', async () => {
    const key = await keyWith({ networks: ['192.0.2.0/24', '2001:DB8::7'] });
    const from = (address: string) => status(key, 'GET', '/queues', undefined, { 'x-forwarded-for': address });
    expect(await from('192.0.2.200')).toBe(200);
    expect(await from('::ffff:192.0.2.200')).toBe(200);
    expect(await from('2001:db8::7')).toBe(200);
    expect(await from('192.0.3.1')).toBe('key-from-elsewhere');
    expect(await from('2001:db8::8')).toBe('key-from-elsewhere');
    expect(await from('192.0.2.1, 198.51.100.1')).toBe('key-from-elsewhere');
    expect(await status(key, 'GET', '/queues')).toBe('key-from-elsewhere');
    expect((await make({ profile: 'Agent', networks: ['here'] })).json.errors).toMatchObject([
      { reason: 'no-network' },
    ]);
  });
});

describe('a network', () => {
  it('is an address, or one with the length of its prefix', () => {
    expect(['10.0.0.1', '10.0.0.0/8', '2001:DB8::/32', ' ::1 '].map(parseNetwork)).toEqual([
      '10.0.0.1/32',
      '10.0.0.0/8',
      '2001:db8::/32',
      '::1/128',
    ]);
    const wrong = [
      '',
      '10.0.0',
      '10.1',
      '0x7f.1',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/8/8',
      '::/129',
      '0.0.0.0/0',
      'x',
    ];
    expect(wrong.map(parseNetwork)).toEqual(wrong.map(() => undefined));
    expect(isInNetworks('fe80::1%eth0', ['fe80::/10'])).toBe(true);
    expect(isInNetworks('nowhere', ['10.0.0.0/8'])).toBe(false);
  });
});
