import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let routing: string;
let accountId: string;
const queues = { general: '', billing: '', support: '' };

beforeAll(async () => {
  api = await startTestApi();
  queues.general = await aQueue(api.db, 'General');
  queues.billing = await aQueue(api.db, 'Billing');
  queues.support = await aQueue(api.db, 'Support');
});
afterAll(() => api.stop());
beforeEach(async () => {
  accountId = await anAccount(api.db, { defaultQueueId: queues.general });
  routing = `/api/v1/email/accounts/${accountId}/routing`;
});

const get = async () => (await api.call('GET', routing)).json;
const put = (body: object, key = api.apiKeys.Supervisor) => api.call('PUT', routing, { body, key });
const attempt = (body: object) => api.call('POST', `${routing}/try`, { body });
const rehearse = (draft: object) => api.call('POST', `${routing}/rehearse`, { body: { routing: draft } });
const rule = (queueId: string, ...keywords: string[]) => ({ queueId, keywords });
const nowhere = '01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11';

describe('the routing of an account', () => {
  it('begins with the default queue alone', async () => {
    expect(await get()).toEqual({
      version: 1,
      defaultQueueId: queues.general,
      defaultQueue: { id: queues.general, name: 'General' },
      rules: [],
      warnings: [],
    });
  });

  it('is saved with its order, and rules keep their ids', async () => {
    const rules = [rule(queues.billing, ' invoice ', 'past due'), rule(queues.support, 'help')];
    const first = await put({ version: 1, defaultQueueId: queues.general, rules });
    expect(first.json).toMatchObject({
      version: 2,
      rules: [
        { queueId: queues.billing, queue: { name: 'Billing' }, keywords: ['invoice', 'past due'] },
        { queueId: queues.support, keywords: ['help'] },
      ],
    });
    const turned = first.json.rules
      .toReversed()
      .map(({ id, queueId, keywords }: Record<string, unknown>) => ({ id, queueId, keywords }));
    const second = await put({ version: 2, defaultQueueId: queues.billing, rules: turned });
    expect(second.json.rules.map(({ id }: { id: string }) => id)).toEqual(turned.map(({ id }: { id: unknown }) => id));
    expect(await get()).toEqual(second.json);
  });

  it("does not take over the id of somebody else's rule, nor one twice", async () => {
    const mine = (await put({ version: 1, defaultQueueId: queues.general, rules: [rule(queues.billing, 'a')] })).json;
    const { id } = mine.rules[0];
    const doubled = await put({
      version: 2,
      defaultQueueId: queues.general,
      rules: [
        { ...rule(queues.billing, 'a'), id },
        { ...rule(queues.billing, 'b'), id },
      ],
    });
    expect(doubled.json.rules[0].id).toBe(id);
    expect(doubled.json.rules[1].id).not.toBe(id);
    accountId = await anAccount(api.db, { defaultQueueId: queues.general });
    routing = `/api/v1/email/accounts/${accountId}/routing`;
    const foreign = await put({
      version: 1,
      defaultQueueId: queues.general,
      rules: [{ ...rule(queues.support, 'c'), id }],
    });
    expect(foreign.json.rules[0].id).not.toBe(id);
  });

  it("is not saved over somebody else's change, and says whose it was", async () => {
    const body = { version: 1, defaultQueueId: queues.general, rules: [] };
    const answers = await Promise.all([1, 2, 3].map(() => put(body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const { json } = await put(body);
    expect(json.detail).toMatch(/^key of Supervisor saved version 2 at 20.*, and you read version 1\. Read it again/);
    expect(json.facts).toEqual({ version: 2, by: 'key of Supervisor', at: expect.stringMatching(/^20.*Z$/) });
  });

  it('is refused for a queue that does not exist, naming where, and nothing of it is saved', async () => {
    const rules = [rule(queues.billing, 'x'), rule(nowhere, 'y')];
    const { status, json } = await put({ version: 1, defaultQueueId: queues.general, rules });
    expect([status, json.errors]).toEqual([
      422,
      [{ path: '/rules/1/queueId', detail: 'does not name a queue', reason: 'no-queue' }],
    ]);
    expect((await put({ version: 1, defaultQueueId: nowhere, rules: [] })).json.errors[0].path).toBe('/defaultQueueId');
    expect(await get()).toMatchObject({ version: 1, rules: [] });
  });

  it('is never left with a queue that was removed at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const queueId = await aQueue(api.db);
      const [saved, removed] = await Promise.all([
        put({ version: (await get()).version, defaultQueueId: queues.general, rules: [rule(queueId, 'x')] }),
        api.call('DELETE', `/api/v1/queues/${queueId}`),
      ]);
      expect([
        [200, 409],
        [422, 204],
      ]).toContainEqual([saved.status, removed.status]);
    }
  });

  it.each([
    [[{ queueId: nowhere }], 400, '/rules/0/keywords'],
    [[{ queueId: nowhere, keywords: [] }], 422, '/rules/0/keywords'],
    [[{ queueId: nowhere, keywords: ['  '] }], 422, '/rules/0/keywords/0'],
    [[{ queueId: nowhere, keywords: ['x'.repeat(201)] }], 422, '/rules/0/keywords/0'],
    [[{ queueId: nowhere, keywords: ['a\0b'] }], 422, '/rules/0/keywords/0'],
    [[{ queueId: nowhere, keywords: ['a\uD800'] }], 422, '/rules/0/keywords/0'],
    [[{ queueId: nowhere, keywords: [7] }], 400, '/rules/0/keywords/0'],
    [[{ queueId: 'x', keywords: ['x'] }], 422, '/rules/0/queueId'],
    [Array.from({ length: 201 }, () => ({ queueId: nowhere, keywords: ['x'] })), 422, '/rules'],
  ])('is not made of rules like these (%#)', async (rules, status, path) => {
    const answer = await put({ version: 1, defaultQueueId: queues.general, rules });
    expect([answer.status, answer.json.errors[0].path]).toEqual([status, path]);
  });

  it('warns of keywords that can never decide', async () => {
    const rules = [
      rule(queues.billing, 'invoice', 'INVOICE'),
      rule(queues.support, 'Invoice', 'invoice overdue', '\u00AD', 'help'),
    ];
    const { json } = await put({ version: 1, defaultQueueId: queues.general, rules });
    expect(json.warnings).toEqual([
      { path: '/rules/0/keywords/1', detail: '“INVOICE” is in this rule already.' },
      { path: '/rules/1/keywords/0', detail: '“Invoice” is in rule 1 already, which comes first.' },
      { path: '/rules/1/keywords/1', detail: expect.stringContaining('also contains “invoice” of rule 1') },
      { path: '/rules/1/keywords/2', detail: expect.stringContaining('never matches') },
    ]);
  });

  it('is read by agents not at all, and changed by supervisors', async () => {
    expect((await put({ version: 1, defaultQueueId: queues.general, rules: [] }, api.apiKeys.Agent)).status).toBe(403);
    expect((await put({ version: 1, defaultQueueId: queues.general, rules: [] })).status).toBe(200);
  });
});

describe('trying it', () => {
  beforeEach(async () => {
    const rules = [rule(queues.billing, 'straße', 'past due'), rule(queues.support, 'help')];
    await put({ version: 1, defaultQueueId: queues.general, rules });
  });

  it('tells where a subject goes, by which rule, what matched in it, and why', async () => {
    const subject = 'Rechnung HAUPTSTRASSE 7: help';
    const { json } = await attempt({ subject });
    expect(json).toMatchObject({
      queue: { id: queues.billing, name: 'Billing' },
      rule: { position: 1, keyword: 'straße' },
      why: 'Rule 1 matched: the subject contains “straße”.',
    });
    const { start, end } = json.rule.matched;
    expect(subject.slice(start, end)).toBe('STRASSE');
    expect((await attempt({ subject: 'nothing of it' })).json).toMatchObject({
      rule: null,
      queue: { name: 'General' },
    });
    expect((await attempt({ subject: '' })).json.why).toContain('no subject');
  });

  it('tells it for mail that is captured already, of this account only', async () => {
    const router = createRouter({ version: 1, defaultQueueId: queues.general, rules: [] });
    await insertMessages(api.db, accountId, [aMessage({ subject: 'Past \t DUE' })], router);
    const { id: messageId } = await api.db
      .selectFrom('messages')
      .select('id')
      .where('accountId', '=', accountId)
      .executeTakeFirstOrThrow();
    expect((await attempt({ messageId })).json).toMatchObject({ subject: 'Past \t DUE', queue: { name: 'Billing' } });
    const other = await anAccount(api.db, { defaultQueueId: queues.general });
    const foreign = await api.call('POST', `/api/v1/email/accounts/${other}/routing/try`, { body: { messageId } });
    expect(foreign.json).toMatchObject({ status: 422, errors: [{ path: '/messageId' }] });
  });

  it('tells it for a draft that is not saved', async () => {
    const draft = { rules: [rule(queues.support, 'past')] };
    expect((await attempt({ subject: 'past due', routing: draft })).json.queue.name).toBe('Support');
    const { json } = await attempt({ subject: 'x', routing: { rules: [rule(nowhere, 'x')] } });
    expect(json.errors).toEqual([
      { path: '/routing/rules/0/queueId', detail: 'does not name a queue', reason: 'no-queue' },
    ]);
    expect((await get()).version).toBe(2);
  });

  it.each([{}, { subject: 'x', messageId: nowhere }])('needs one of both, not %j', async (body) => {
    expect((await attempt(body)).json).toMatchObject({ status: 422, detail: expect.stringContaining('either') });
  });
});

describe('rehearsing rules that are not saved', () => {
  const receive = (...subjects: readonly string[]) => {
    const messages = subjects.map((subject, minute) =>
      aMessage({ subject, receivedAt: new Date(Date.UTC(2026, 0, 2, 3, minute)) }),
    );
    const router = createRouter({ version: 1, defaultQueueId: queues.general, rules: [] });
    return api.db.transaction().execute((trx) => insertMessages(trx, accountId, messages, router));
  };

  it('tells which messages would have gone elsewhere, and why, and moves nothing', async () => {
    await receive('Invoice 1', 'Hello', 'Your INVOICE 2');
    const { json } = await rehearse({ rules: [rule(queues.billing, 'invoice')] });
    expect(json).toMatchObject({
      messages: 3,
      since: '2026-01-02T03:00:00.000Z',
      moved: 2,
      flows: [{ from: { id: queues.general, name: 'General' }, to: { id: queues.billing, name: 'Billing' }, count: 2 }],
      moves: [
        {
          subject: 'Your INVOICE 2',
          from: { address: 'ada@example.org' },
          queue: { name: 'General' },
          to: { name: 'Billing' },
          rule: { position: 1, keyword: 'invoice', matched: { start: 5, end: 12 } },
        },
        { subject: 'Invoice 1' },
      ],
    });
    expect((await get()).version).toBe(1);
    const { json: received } = await api.call('GET', `/api/v1/email/accounts/${accountId}/messages`);
    expect(received.messages.map(({ queue }: { queue: { name: string } }) => queue.name)).toEqual([
      'General',
      'General',
      'General',
    ]);
  });

  it('looks at another default queue, too', async () => {
    await receive('Hello');
    const { json } = await rehearse({ defaultQueueId: queues.support, rules: [] });
    expect(json).toMatchObject({ moved: 1, moves: [{ to: { name: 'Support' }, rule: null }] });
  });

  it('looks at the last 500 messages of this account alone', async () => {
    await receive(...Array.from({ length: 510 }, (_, index) => `Message ${index}`));
    const { json } = await rehearse({ rules: [rule(queues.billing, 'message')] });
    expect(json).toMatchObject({ messages: 500, moved: 500, moves: { length: 500 } });
    expect(json.moves[0].subject).toBe('Message 509');
  });

  it('says that nothing was received yet', async () => {
    const { json } = await rehearse({ rules: [rule(queues.billing, 'invoice')] });
    expect(json).toEqual({ messages: 0, since: null, moved: 0, flows: [], moves: [] });
  });

  it('names queues that do not exist', async () => {
    const { status, json } = await rehearse({ rules: [rule(nowhere, 'invoice')] });
    expect(status).toBe(422);
    expect(json.errors).toEqual([
      { path: '/routing/rules/0/queueId', detail: 'does not name a queue', reason: 'no-queue' },
    ]);
  });
});
