import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../api/access/api-key-format.ts';
import { tokenHash } from '../../api/http/random-token.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { addApiKey } from '../../database/people/api-keys.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let accountId: string;
let itemId: string;
let router: ReturnType<typeof createRouter>;
const address = 'mia@fabrikam.example';

beforeAll(async () => {
  api = await startTestApi();
  const queueId = await aQueue(api.db);
  accountId = await anAccount(api.db, { defaultQueueId: queueId });
  router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
  const messages = [
    aMessage({ subject: 'First', from: { name: 'Mia', address: 'Mia@Fabrikam.example' }, receivedAt: new Date(2_000) }),
    aMessage({ subject: 'Second', from: { address }, receivedAt: new Date(1_000), bodyText: 'A line\nand another' }),
    aMessage({ subject: 'Of another', from: { address: 'mia@fabrikam.example.org' } }),
  ];
  await insertMessages(api.db, accountId, messages, router);
  ({ id: itemId } = await api.db
    .updateTable('items')
    .set({ state: 'completed', completedAt: sql`now() - interval '100 days'` })
    .where('messageId', 'in', (select) => select.selectFrom('messages').select('id').where('subject', '=', 'First'))
    .returning('id')
    .executeTakeFirstOrThrow());
});
afterAll(() => api.stop());

const periods = { content: null, items: null, events: null, signIns: 90, quarantine: 90 };

describe('how long things are kept', () => {
  it('is for administrators alone', async () => {
    for (const key of [api.apiKeys.Supervisor, api.apiKeys.Agent]) {
      expect((await api.call('GET', '/api/v1/retention', { key })).status).toBe(403);
      expect((await api.call('POST', '/api/v1/mail-exports', { key, body: { address } })).status).toBe(403);
    }
  });

  it('gives no mail to a key that may set periods and read none', async () => {
    const key = createApiKey();
    const limits = { permissions: ['retention.change'] } as const;
    await addApiKey(api.db, 'cli', { name: 'periods', profile: 'Admin', keyHash: tokenHash(key), hint: '', limits });
    expect((await api.call('GET', '/api/v1/retention', { key })).status).toBe(200);
    expect((await api.call('POST', '/api/v1/mail-exports', { key, body: { address } })).status).toBe(403);
  });

  it('is read, counted and saved, and a version that is old is refused', async () => {
    const read = (await api.call('GET', '/api/v1/retention')).json;
    expect(read).toMatchObject({ periods, sweptAt: null, swept: null });
    const shorter = { ...periods, content: 30, items: 60 };
    const counts = (await api.call('POST', '/api/v1/retention/counts', { body: shorter })).json;
    expect(counts).toEqual({ content: 1, items: 1, events: 0, signIns: 0, quarantine: 0 });
    const save = (body: object) => api.call('PUT', '/api/v1/retention', { body });
    expect((await save({ periods: shorter, version: read.version })).json).toMatchObject({ periods: shorter });
    const late = await save({ periods, version: read.version });
    expect([late.status, late.json.reason]).toEqual([409, 'retention-changed']);
  });

  it.each([
    [{ content: 0 }, '/periods/content'],
    [{ signIns: 36_501 }, '/periods/signIns'],
    [{ content: 100, items: 30 }, '/periods/content'],
    [{ content: null, items: 30 }, '/periods/content'],
  ])('refuses %j', async (changes, path) => {
    const body = { periods: { ...periods, ...changes }, version: 2 };
    const { status, json } = await api.call('PUT', '/api/v1/retention', { body });
    expect([status, json.errors[0].path]).toEqual([422, path]);
  });
});

describe('an export', () => {
  it('has a line for each mail of the sender, the oldest first, and is recorded', async () => {
    const { status, headers, text } = await api.call('POST', '/api/v1/mail-exports', {
      body: { address: ' MIA@fabrikam.example ' },
    });
    expect([status, headers['content-type']]).toEqual([200, 'application/jsonl; charset=utf-8']);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ subject }) => subject)).toEqual(['Second', 'First']);
    expect(lines[0]).toMatchObject({ text: 'A line\nand another', from: { address }, answers: [], notes: [] });
    const event = await api.db.selectFrom('events').select('details').where('name', '=', 'mail.exported').execute();
    expect(event).toEqual([{ details: { messages: 2 } }]);
  });

  it('of more mail than one statement reads is whole', async () => {
    const messages = Array.from({ length: 45 }, () =>
      aMessage({ from: { address: 'many@fabrikam.example' }, receivedAt: new Date(5_000) }),
    );
    await insertMessages(api.db, accountId, messages, router);
    const { text } = await api.call('POST', '/api/v1/mail-exports', { body: { address: 'many@fabrikam.example' } });
    const ids = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).messageId);
    expect([ids.length, new Set(ids).size]).toEqual([45, 45]);
  });
});

describe('holds and erasures', () => {
  it('a hold refuses the erasure of what it keeps, until it is lifted', async () => {
    const held = await api.call('POST', '/api/v1/holds', { body: { scope: 'sender', address, reason: 'Case 1' } });
    expect([held.status, held.json]).toEqual([201, expect.objectContaining({ address, liftedAt: null })]);
    const erasure = { scope: 'item', itemId, reason: 'Request 1' };
    const refused = await api.call('POST', '/api/v1/erasures', { body: erasure });
    expect([refused.status, refused.json.reason]).toEqual([409, 'mail-held']);
    for (let n = 0; n < 2; n++) {
      const lifted = await api.call('POST', `/api/v1/holds/${held.json.id}/lift`);
      expect([lifted.status, lifted.json.liftedByName]).toEqual([200, 'key of Admin']);
    }
    const accepted = await api.call('POST', '/api/v1/erasures', { body: erasure });
    expect([accepted.status, accepted.json.state]).toEqual([202, 'waiting']);
    expect((await api.call('POST', '/api/v1/erasures', { body: erasure })).json.id).toBe(accepted.json.id);
    expect((await api.call('GET', '/api/v1/erasures')).json.erasures).toHaveLength(1);
    expect((await api.call('GET', `/api/v1/erasures/${accepted.json.id}`)).json).toEqual(accepted.json);
  });

  it.each([
    ['/api/v1/holds', { scope: 'item', itemId: randomUUID(), reason: 'x' }, 422, 'values-refused'],
    ['/api/v1/holds', { scope: 'account', accountId: randomUUID(), reason: 'x' }, 422, 'values-refused'],
    ['/api/v1/holds', { scope: 'sender', address: 'no address', reason: 'x' }, 422, 'values-refused'],
    ['/api/v1/holds', { scope: 'everything', reason: ' ' }, 422, 'values-refused'],
    ['/api/v1/holds', { scope: 'everything', address: 'a@b.example', reason: 'x' }, 400, 'request-malformed'],
    ['/api/v1/erasures', { scope: 'everything', reason: 'x' }, 400, 'request-malformed'],
    ['/api/v1/erasures', { scope: 'item', itemId: randomUUID(), reason: 'x' }, 422, 'values-refused'],
    [`/api/v1/holds/${randomUUID()}/lift`, undefined, 404, 'no-such-hold'],
  ])('refuses %s %j', async (url, body, status, reason) => {
    const refused = await api.call('POST', url, { body });
    expect([refused.status, refused.json.reason]).toEqual([status, reason]);
  });

  it('the mail of an account that is still read is not erased', async () => {
    const { status, json } = await api.call('POST', '/api/v1/erasures', {
      body: { scope: 'account', accountId, reason: 'x' },
    });
    expect([status, json.reason]).toEqual([409, 'account-not-removed']);
  });

  it('an account whose mail is held is not removed with its mail', async () => {
    await api.call('POST', '/api/v1/holds', { body: { scope: 'account', accountId, reason: 'Case 2' } });
    const { status, json } = await api.call('DELETE', `/api/v1/email/accounts/${accountId}?mail=erase`);
    expect([status, json.reason]).toEqual([409, 'mail-held']);
    expect(await api.db.selectFrom('accounts').select('removingSince').where('id', '=', accountId).execute()).toEqual([
      { removingSince: null },
    ]);
  });
});
