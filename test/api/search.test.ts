import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { indexPending } from '../../database/search/index-pending.ts';
import { renewSearchWords } from '../../database/search/search-words.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let queueId: string;
let accountId: string;
beforeAll(async () => {
  api = await startTestApi();
  queueId = await aQueue(api.db);
  accountId = await anAccount(api.db, { defaultQueueId: queueId });
  await capture([
    { subject: 'Broken kettles', bodyText: 'The <b>kettles</b> arrived broken, and so did the lid.' },
    { subject: 'Kettle invoice' },
    { subject: 'A kettle, again' },
    { subject: 'Kettle' },
    { subject: 'Something else' },
  ]);
  await indexPending(api.db, 10);
  await renewSearchWords(api.db);
});
afterAll(() => api.stop());

async function capture(messages: readonly Partial<NewMessage>[]): Promise<void> {
  const all = messages.map((message, n) =>
    aMessage({ receivedAt: new Date(1_780_000_000_000 + n * 1_000), ...message }),
  );
  await insertMessages(api.db, accountId, all, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
}

const search = (parameters: Record<string, string>, key = api.apiKeys.Agent) =>
  api.call('GET', `/api/v1/search?${new URLSearchParams(parameters)}`, { key });

describe('a search', () => {
  it('answers with items, and with the words that match marked, never as HTML', async () => {
    const { status, json } = await search({ q: 'broken kettle' });
    expect(status).toBe(200);
    expect(json).toMatchObject({ nextCursor: null, respelled: null, notIndexed: 0 });
    expect(json.results).toHaveLength(1);
    const [{ item, subject, excerpt }] = json.results;
    expect(item).toMatchObject({ subject: 'Broken kettles', queue: { id: queueId }, state: 'waiting' });
    expect(subject).toEqual([
      { text: 'Broken', hit: true },
      { text: ' ', hit: false },
      { text: 'kettles', hit: true },
    ]);
    expect(excerpt.map(({ text }: { text: string }) => text).join('')).toBe(
      'The <b>kettles</b> arrived broken, and so did the lid.',
    );
  });

  it('goes on after its cursor, and refuses one that it did not give', async () => {
    for (const order of ['relevance', 'newest']) {
      const first = await search({ q: 'kettle', pageSize: '3', order });
      const second = await search({ q: 'kettle', pageSize: '3', order, cursor: first.json.nextCursor });
      const all = [...first.json.results, ...second.json.results].map(({ item }) => item.id);
      expect(new Set(all).size).toBe(4);
      expect(second.json.nextCursor).toBeNull();
    }
    expect((await search({ q: 'kettle', cursor: 'nonsense' })).json.reason).toBe('cursor-unknown');
  });

  it('corrects a word that nothing has, and says so', async () => {
    expect((await search({ q: 'ketle' })).json).toMatchObject({ respelled: 'kettle', results: { length: 4 } });
    const first = await search({ q: 'ketle', pageSize: '3' });
    const second = await search({ q: 'ketle', pageSize: '3', cursor: first.json.nextCursor });
    expect(second.json).toMatchObject({ respelled: 'kettle', results: { length: 1 }, nextCursor: null });
    expect((await search({ q: 'unheard' })).json).toMatchObject({ respelled: null, results: [] });
  });

  it('says how many messages cannot be found yet', async () => {
    await capture([{ subject: 'Too new' }]);
    expect((await search({ q: 'new' })).json).toMatchObject({ results: [], notIndexed: 1 });
    await indexPending(api.db, 10);
    expect((await search({ q: 'new' })).json).toMatchObject({ results: { length: 1 }, notIndexed: 0 });
  });

  it.each([
    ['word '.repeat(17), 422, 'search-too-long'],
    ['x'.repeat(501), 400, 'request-malformed'],
    ['"unbalanced -( % * _ \\', 200, undefined],
    ['\ud800', 200, undefined],
    ['\u0000', 400, 'request-malformed'],
    [`${"'".repeat(200)}:*&|!`, 200, undefined],
  ])('of %j is answered with %d', async (q, status, reason) => {
    const refused = await search({ q });
    expect([refused.status, refused.json.reason]).toEqual([status, reason]);
  });

  it('that takes too long is refused in words', async () => {
    const locked = await api.db.startTransaction().execute();
    await sql`lock table search_documents in access exclusive mode`.execute(locked);
    const refused = await search({ q: 'kettle' });
    await locked.rollback().execute();
    expect(refused.json).toMatchObject({ status: 422, reason: 'search-too-wide' });
    expect((await search({ q: 'kettle' })).status).toBe(200);
  });

  it('is answered only to those who may read items', async () => {
    expect((await api.call('GET', '/api/v1/search?q=kettle', { key: null })).status).toBe(401);
    expect((await search({ q: 'kettle', queue: randomUUID() })).json.results).toEqual([]);
    expect((await search({ q: 'kettle', queue: 'x' })).status).toBe(400);
  });
});
