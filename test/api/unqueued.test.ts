import { afterAll, beforeAll, expect, it } from 'vitest';
import { capturePage } from '../../database/capture/capture.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const accountPath = (id: string) => `/api/v1/email/accounts/${id}`;
const unqueued = async (id: string) => (await api.call('GET', `${accountPath(id)}/unqueued`)).json.items;
const routeAgain = async (id: string) => (await api.call('POST', `${accountPath(id)}/unqueued/route`)).json;

async function saveRouting(id: string, routing: { defaultQueueId: string | null; rules: object[] }) {
  const { version } = (await api.call('GET', `${accountPath(id)}/routing`)).json;
  return await api.call('PUT', `${accountPath(id)}/routing`, { body: { version, ...routing } });
}

const capture = (accountId: string, ...subjects: readonly string[]) =>
  capturePage(api.db, {
    accountId,
    folder: 'inbox',
    origin: 'list',
    step: undefined,
    messages: subjects.map((subject) => aMessage({ subject })),
    rejected: [],
  });

it('keeps mail of an account without a default queue, says why it is in no queue, and routes it later', async () => {
  const [queueId, refunds] = [await aQueue(api.db), await aQueue(api.db)];
  const id = await anAccount(api.db, { defaultQueueId: queueId });
  const rules = [{ queueId: refunds, keywords: ['refund'] }];
  expect((await saveRouting(id, { defaultQueueId: null, rules })).json).toMatchObject({
    defaultQueueId: null,
    defaultQueue: null,
  });
  const tried = await api.call('POST', `${accountPath(id)}/routing/try`, { body: { subject: 'hello' } });
  expect(tried.json).toMatchObject({ queue: null, decision: { by: 'none', because: 'no-default-queue' } });

  expect(await capture(id, 'hello', 'a refund')).toMatchObject({ captured: 2 });
  expect((await api.call('GET', accountPath(id))).json).toMatchObject({
    defaultQueue: null,
    unqueuedItems: 1,
    waitingItems: 1,
    capturedToday: 2,
  });
  const [item, ...others] = await unqueued(id);
  expect(others).toEqual([]);
  const inNone = {
    subject: 'hello',
    queue: null,
    state: 'unqueued',
    why: 'No rule matched, and the account has no default queue, so the message is in no queue.',
  };
  expect(item).toMatchObject(inNone);
  expect((await api.call('GET', `/api/v1/items/${item.id}`)).json).toMatchObject({
    ...inNone,
    message: { text: 'Hi' },
  });
  for (const step of ['claim', 'complete', 'release']) {
    const { json } = await api.call('POST', `/api/v1/items/${item.id}/${step}`);
    expect(json).toMatchObject({ status: 409, reason: 'item-unqueued' });
  }

  expect(await routeAgain(id)).toEqual({ routed: 0, left: 1 });
  await saveRouting(id, { defaultQueueId: queueId, rules });
  const rehearsal = { routing: { defaultQueueId: queueId, rules: [] } };
  const { flows } = (await api.call('POST', `${accountPath(id)}/routing/rehearse`, { body: rehearsal })).json;
  expect(flows).toContainEqual({ from: null, to: expect.objectContaining({ id: queueId }), count: 1 });
  expect(await routeAgain(id)).toEqual({ routed: 1, left: 0 });
  expect(await unqueued(id)).toEqual([]);
  expect((await api.call('POST', `/api/v1/queues/${queueId}/claim`)).json).toMatchObject({
    id: item.id,
    decision: { by: 'default', because: 'no-rule-matched' },
  });
  const { events } = (await api.call('GET', `${accountPath(id)}/events`)).json;
  expect(events).toContainEqual(
    expect.objectContaining({ words: '1 message that was in no queue was routed.', name: 'account.unqueued-routed' }),
  );
});

it('puts no mail into a queue that was removed, and names the rule', async () => {
  const [queueId, gone] = [await aQueue(api.db), await aQueue(api.db)];
  const id = await anAccount(api.db, { defaultQueueId: queueId });
  await saveRouting(id, { defaultQueueId: queueId, rules: [{ queueId: gone, keywords: ['refund'] }] });
  await api.db.updateTable('queues').set({ removedAt: new Date() }).where('id', 'in', [gone]).execute();
  await capture(id, 'a refund', 'hello');
  expect(await unqueued(id)).toMatchObject([
    {
      subject: 'a refund',
      why: 'Rule 1 matched, but its queue was removed, so the message is in no queue.',
      decision: { by: 'none', because: 'rule-queue-removed', rule: { position: 1, keyword: 'refund' } },
    },
  ]);
  await api.db.updateTable('queues').set({ removedAt: new Date() }).where('id', '=', queueId).execute();
  await capture(id, 'good bye');
  expect(await unqueued(id)).toMatchObject([
    { decision: { because: 'default-queue-removed' } },
    { decision: { because: 'rule-queue-removed' } },
  ]);
});

it('routes thousands again, and leaves alone what has no content any more', async () => {
  const queueId = await aQueue(api.db);
  const id = await anAccount(api.db, { defaultQueueId: null });
  for (let page = 0; page < 3; page += 1) await capture(id, ...Array.from({ length: 400 }, (_, n) => `Mail ${n}`));
  const one = api.db.selectFrom('messages').select('id').where('accountId', '=', id).limit(1);
  await api.db.deleteFrom('messages').where('id', 'in', one).execute();
  await saveRouting(id, { defaultQueueId: queueId, rules: [] });
  expect(await routeAgain(id)).toEqual({ routed: 1_199, left: 1 });
  expect((await api.call('GET', accountPath(id))).json).toMatchObject({ unqueuedItems: 1, waitingItems: 1_199 });
});
