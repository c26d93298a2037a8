import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { wakeParkedItems } from '../../database/queues/park-items.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let ada: Awaited<ReturnType<TestApi['browserOf']>>;
let bob: Awaited<ReturnType<TestApi['browserOf']>>;
beforeAll(async () => {
  api = await startTestApi();
  ada = await api.browserOf('Agent', 'ada@contoso.example');
  bob = await api.browserOf('Agent', 'bob@contoso.example');
});
afterAll(() => api.stop());

type Person = typeof ada;

async function queueWith(messages: readonly Partial<NewMessage>[], accountId?: string): Promise<string> {
  const queueId = await aQueue(api.db);
  await deliver(accountId ?? (await anAccount(api.db, { defaultQueueId: queueId })), queueId, messages);
  return queueId;
}

async function deliver(accountId: string, queueId: string, messages: readonly Partial<NewMessage>[]): Promise<void> {
  const start = Date.parse('2026-05-01T10:00:00Z');
  const all = messages.map((message, index) => aMessage({ receivedAt: new Date(start + index * 1_000), ...message }));
  await insertMessages(api.db, accountId, all, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
}

const as = (person: Person, method: string, path: string, body?: object) =>
  api.call(method, `/api/v1${path}`, { key: null, headers: person.headers, ...(body && { body }) });
const claimNext = (person: Person, queueId: string) => as(person, 'POST', `/queues/${queueId}/claim`, {});
const act = (person: Person, id: string, step: string, body: object = {}) =>
  as(person, 'POST', `/items/${id}/${step}`, body);
const read = async (id: string) => (await api.call('GET', `/api/v1/items/${id}`)).json;
const idsOf = async (queueId: string, state = 'waiting') =>
  (await api.call('GET', `/api/v1/queues/${queueId}/items?state=${state}`)).json.items.map(
    ({ id }: { id: string }) => id,
  );
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
/** As if the time had come. */
const letTimePass = (id: string) =>
  api.db
    .updateTable('items')
    .set({ parkedUntil: new Date(Date.now() - 1_000) })
    .where('id', '=', id)
    .execute();

describe('a parked item', () => {
  it('is out of its queue until its time has come, and is then kept for who parked it', async () => {
    const queueId = await queueWith([{}, {}]);
    const { id } = (await claimNext(ada, queueId)).json;
    const parked = await act(ada, id, 'park', { reason: 'time', until: inAnHour(), note: 'The bank opens later.' });
    expect(parked.json).toMatchObject({
      state: 'parked',
      claim: null,
      parked: { reason: 'time', name: 'ada@contoso.example' },
    });
    expect(await idsOf(queueId)).not.toContain(id);
    expect(await idsOf(queueId, 'parked')).toEqual([id]);
    const { json: queue } = await api.call('GET', `/api/v1/queues/${queueId}`);
    expect(queue).toMatchObject({ waiting: 1, parked: 1 });
    expect((await as(ada, 'GET', '/items/mine')).json.parked).toMatchObject([{ id }]);

    await letTimePass(id);
    expect(await read(id)).toMatchObject({ state: 'waiting', parked: null, assignee: { name: 'ada@contoso.example' } });
    expect((await claimNext(bob, queueId)).json.id).not.toBe(id);
    expect((await claimNext(bob, queueId)).status).toBe(204);
    expect((await claimNext(ada, queueId)).json).toMatchObject({ id, state: 'claimed', parked: null, assignee: null });
  });

  it('is woken once, however many workers look', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    await act(ada, id, 'park', { reason: 'time', until: inAnHour() });
    expect(await wakeParkedItems(api.db)).toBe(0);
    await letTimePass(id);
    const woken = await Promise.all([1, 2, 3].map(() => wakeParkedItems(api.db)));
    expect(woken.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await read(id)).toMatchObject({ state: 'waiting' });
  });

  it('can be claimed by any agent, and put back for all', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    await act(ada, id, 'park', { reason: 'customer' });
    expect((await act(bob, id, 'claim')).json).toMatchObject({
      state: 'claimed',
      claim: { name: 'bob@contoso.example' },
    });
    await act(bob, id, 'park', { reason: 'customer' });
    expect((await act(ada, id, 'unpark')).json).toMatchObject({ state: 'waiting', assignee: null });
    expect((await act(ada, id, 'unpark')).status).toBe(200);
    expect((await claimNext(ada, queueId)).json.id).toBe(id);
    expect((await act(ada, id, 'unpark')).json).toMatchObject({ status: 409, reason: 'item-not-parked' });
  });

  it.each([
    [{ reason: 'time' }, 'park-without-end'],
    [{ reason: 'time', until: '2020-01-01T00:00:00Z' }, 'park-without-end'],
    [{ reason: 'customer', until: '2120-01-01T00:00:00Z' }, 'park-without-end'],
    [{ reason: 'weather' }, 'values-refused'],
    [{ reason: 'customer', note: ' ' }, 'values-refused'],
    [{ reason: 'customer', note: 'a\ud800' }, 'values-refused'],
  ])('is refused with %j', async (body, reason) => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    expect((await act(ada, id, 'park', body)).json).toMatchObject({ status: 422, reason });
    expect(await read(id)).toMatchObject({ state: 'claimed' });
  });

  it('is refused while another agent holds it, and when it is completed', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    expect((await act(bob, id, 'park', { reason: 'customer' })).json).toMatchObject({ reason: 'item-held-by-other' });
    await act(ada, id, 'complete');
    expect((await act(ada, id, 'park', { reason: 'customer' })).json).toMatchObject({ reason: 'item-completed' });
  });
});

describe('a completed item', () => {
  it('is taken back by its actor within a minute, and by nobody else', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    expect((await act(ada, id, 'undo')).status).toBe(200); // as after a lost answer
    await act(ada, id, 'complete');
    expect((await act(bob, id, 'undo')).json).toMatchObject({ status: 409, reason: 'completion-not-undoable' });
    expect((await act(ada, id, 'undo')).json).toMatchObject({ state: 'claimed', completedAt: null });
    await act(ada, id, 'complete');
    await api.db
      .updateTable('items')
      .set({ completedAt: new Date(Date.now() - 61_000) })
      .where('id', '=', id)
      .execute();
    expect((await act(ada, id, 'undo')).json).toMatchObject({ reason: 'completion-not-undoable' });
  });

  it('is opened again with a reason, which is kept as a note', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    expect((await act(bob, id, 'reopen', { reason: 'Why not' })).json).toMatchObject({ reason: 'item-not-completed' });
    await act(ada, id, 'complete');
    expect((await act(bob, id, 'reopen', { reason: 'No refund came.' })).json).toMatchObject({
      state: 'waiting',
      claim: null,
    });
    const { notes, history } = (await as(ada, 'GET', `/items/${id}/notes`)).json;
    expect(notes).toMatchObject([{ kind: 'reopened', text: 'No refund came.', name: 'bob@contoso.example' }]);
    expect(history[0]).toMatchObject({ name: 'item.reopened', by: 'bob@contoso.example' });
    expect((await claimNext(bob, queueId)).json.id).toBe(id);
  });

  it("has an outcome of its queue's, or none", async () => {
    const queueId = await queueWith([{}, {}]);
    await api.call('PATCH', `/api/v1/queues/${queueId}`, { body: { outcomes: ['refunded', 'answered'] } });
    const { id } = (await claimNext(ada, queueId)).json;
    expect((await act(ada, id, 'complete', { outcome: 'lost' })).json).toMatchObject({
      status: 422,
      reason: 'outcome-missing',
    });
    expect((await act(ada, id, 'complete', { outcome: 'refunded' })).json).toMatchObject({ outcome: 'refunded' });
    expect((await act(ada, id, 'undo')).json).toMatchObject({ outcome: null });
    const other = (await claimNext(ada, queueId)).json.id;
    expect((await act(ada, other, 'complete')).json).toMatchObject({ state: 'completed', outcome: null });
  });
});

describe('moving an item', () => {
  it('puts it into another queue, with a note and who moved it', async () => {
    const [from, to] = [await queueWith([{}]), await queueWith([])];
    const { id } = (await claimNext(ada, from)).json;
    const moved = await act(ada, id, 'move', { queueId: to, note: 'A refund.' });
    expect(moved.json).toMatchObject({ state: 'waiting', queue: { id: to }, moved: { name: 'ada@contoso.example' } });
    expect((await claimNext(bob, from)).status).toBe(204);
    expect((await claimNext(bob, to)).json.id).toBe(id);
  });

  it('gives it to a person, whose next it is and nobody else’s, unless that person may no longer sign in', async () => {
    const queueId = await queueWith([{}, {}, {}]);
    const [first, second, third] = await idsOf(queueId);
    await act(ada, second, 'move', { personId: bob.userId, note: 'You know them.' });
    expect((await as(bob, 'GET', '/items/mine')).json).toMatchObject({
      assigned: [{ id: second }],
      mentioned: [{ id: second }],
    });
    expect((await claimNext(bob, queueId)).json.id).toBe(second);
    const carl = await api.browserOf('Agent', `carl-${randomUUID()}@contoso.example`);
    await act(ada, first, 'move', { personId: carl.userId });
    expect((await claimNext(ada, queueId)).json.id).toBe(third);
    expect((await claimNext(ada, queueId)).status).toBe(204);
    await api.db.updateTable('users').set({ enabled: false }).where('id', '=', carl.userId).execute();
    expect((await claimNext(ada, queueId)).json.id).toBe(first);
  });

  it('is refused to a queue or person that does not exist, without either, and out of other hands but for a supervisor', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claimNext(ada, queueId)).json;
    const move = (person: Person, body: object) => act(person, id, 'move', body);
    expect((await move(ada, { queueId: randomUUID() })).json).toMatchObject({ status: 422, reason: 'queue-missing' });
    expect((await move(ada, { personId: randomUUID() })).json).toMatchObject({ status: 422, reason: 'person-missing' });
    expect((await move(ada, {})).status).toBe(422);
    expect((await move(bob, { personId: bob.userId })).json).toMatchObject({ reason: 'item-held-by-other' });
    expect(await read(id)).toMatchObject({ state: 'claimed', claim: { name: 'ada@contoso.example' } });
    const supervised = await api.call('POST', `/api/v1/items/${id}/move`, {
      key: api.apiKeys.Supervisor,
      body: { personId: bob.userId },
    });
    expect(supervised.json).toMatchObject({ state: 'waiting', assignee: { name: 'bob@contoso.example' } });
  });
});

describe('notes, tags and presence', () => {
  it('mention people, who find the item among theirs until they open it', async () => {
    const [id] = await idsOf(await queueWith([{}]));
    const note = await act(ada, id, 'notes', {
      text: 'Can you help?\nIt is about the invoice.',
      mentions: [bob.userId, randomUUID()],
    });
    expect(note).toMatchObject({ status: 201, json: { mentions: [{ id: bob.userId, name: 'bob@contoso.example' }] } });
    const mentioned = async () =>
      (await as(bob, 'GET', '/items/mine')).json.mentioned.map((item: { id: string }) => item.id);
    expect(await mentioned()).toContain(id);
    await act(bob, id, 'presence', { doing: 'looking' });
    expect(await mentioned()).not.toContain(id);
    expect((await act(ada, randomUUID(), 'notes', { text: 'a' })).status).toBe(404);
  });

  it('show who else is at an item and what they do, until they leave', async () => {
    const [id] = await idsOf(await queueWith([{}]));
    expect((await act(ada, id, 'presence', { doing: 'writing' })).json.others).toEqual([]);
    const others = async () => (await act(bob, id, 'presence', { doing: 'looking' })).json.others;
    expect(await others()).toEqual([{ by: `user:${ada.userId}`, name: 'ada@contoso.example', doing: 'writing' }]);
    await as(ada, 'DELETE', `/items/${id}/presence`);
    expect(await others()).toEqual([]);
    expect((await act(ada, randomUUID(), 'presence', { doing: 'looking' })).status).toBe(404);
  });

  it("take tags of the item's queue alone, and keep what it brought along", async () => {
    const [one, two] = [await queueWith([{}]), await queueWith([])];
    await api.call('PATCH', `/api/v1/queues/${one}`, { body: { tags: ['vip', 'legal'] } });
    const [id] = await idsOf(one);
    const tag = (tags: readonly string[]) => as(ada, 'PUT', `/items/${id}/tags`, { tags });
    expect((await tag(['vip', 'rich'])).json).toMatchObject({ status: 422, reason: 'tag-missing' });
    expect((await tag(['vip', 'legal'])).json.tags).toEqual(['vip', 'legal']);
    await act(ada, id, 'move', { queueId: two });
    expect((await tag(['vip'])).json.tags).toEqual(['vip']);
    expect((await tag(['vip', 'legal'])).json).toMatchObject({ reason: 'tag-missing' });
    const twice = await api.call('PATCH', `/api/v1/queues/${one}`, { body: { tags: ['vip', 'vip'] } });
    expect(twice.status).toBe(422);
  });
});

describe('a step for many items', () => {
  const bulk = (person: Person, ids: readonly string[], action: object) =>
    as(person, 'POST', '/items/bulk', { ids, action });

  it('is done for each by itself: what another agent holds is refused, the others are completed', async () => {
    const queueId = await queueWith([{}, {}, {}]);
    const held = (await claimNext(bob, queueId)).json.id;
    const ids = await idsOf(queueId, 'all');
    const missing = randomUUID();
    const { results } = (await bulk(ada, [...ids, missing, ids[1]], { kind: 'complete' })).json;
    expect(results).toHaveLength(4);
    expect(results.find((each: { id: string }) => each.id === held)).toMatchObject({
      done: false,
      reason: 'item-held-by-other',
    });
    expect(results.find((each: { id: string }) => each.id === missing)).toMatchObject({ reason: 'no-such-item' });
    expect(results.filter((each: { done: boolean }) => each.done)).toHaveLength(2);
    expect(await read(held)).toMatchObject({ state: 'claimed', claim: { name: 'bob@contoso.example' } });
  });

  it('gives each item to one agent when others claim beside it', async () => {
    const queueId = await queueWith(Array.from({ length: 30 }, () => ({})));
    const ids = await idsOf(queueId);
    const [done, ...claims] = await Promise.all([
      bulk(ada, ids, { kind: 'complete' }),
      ...Array.from({ length: 15 }, () => claimNext(bob, queueId)),
    ]);
    const completed = new Set(
      done.json.results.filter((each: { done: boolean }) => each.done).map(({ id }: { id: string }) => id),
    );
    const claimed = claims.filter(({ status }) => status === 200).map(({ json }) => json.id);
    expect(claimed.filter((id) => completed.has(id))).toEqual([]);
    expect(completed.size + claimed.length).toBe(30);
  });

  it('moves and tags', async () => {
    const [from, to] = [await queueWith([{}, {}]), await queueWith([])];
    await api.call('PATCH', `/api/v1/queues/${from}`, { body: { tags: ['vip'] } });
    const ids = await idsOf(from);
    await bulk(ada, ids, { kind: 'tag', add: ['vip'] });
    await bulk(ada, ids, { kind: 'move', queueId: to });
    const { items } = (await api.call('GET', `/api/v1/queues/${to}/items`)).json;
    expect(items.map(({ tags }: { tags: string[] }) => tags)).toEqual([['vip'], ['vip']]);
    expect((await bulk(ada, [], { kind: 'complete' })).status).toBe(422);
    expect(
      (
        await bulk(
          ada,
          Array.from({ length: 101 }, () => randomUUID()),
          { kind: 'complete' },
        )
      ).status,
    ).toBe(422);
  });
});

describe('the tags of an item', () => {
  it('are those that both added and neither removed, when two agents change them at the same time', async () => {
    const queueId = await queueWith([{}]);
    await api.call('PATCH', `/api/v1/queues/${queueId}`, { body: { tags: ['vip', 'urgent', 'refund'] } });
    const [id] = await idsOf(queueId);
    await as(ada, 'PUT', `/items/${id}/tags`, { tags: ['refund'] });
    const change = (person: Person, body: object) => as(person, 'PATCH', `/items/${id}/tags`, body);
    const answers = await Promise.all([
      change(ada, { add: ['vip'] }),
      change(bob, { add: ['urgent'], remove: ['refund'] }),
      change(bob, { add: ['urgent'] }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await read(id)).tags.toSorted()).toEqual(['urgent', 'vip']);
    expect((await change(ada, { add: ['lost'] })).json).toMatchObject({ reason: 'tag-missing' });
  });
});

describe('mail that a program sent', () => {
  it('is listed apart from that of people', async () => {
    const automatic = { headers: [{ name: 'Auto-Submitted', value: 'auto-replied' }] };
    const queueId = await queueWith([{ subject: 'person' }, { subject: 'program', ...automatic }]);
    const subjects = async (query: string) =>
      (await api.call('GET', `/api/v1/queues/${queueId}/items${query}`)).json.items.map(
        ({ subject }: { subject: string }) => subject,
      );
    expect(await subjects('')).toEqual(['person', 'program']);
    expect(await subjects('?automatic=true')).toEqual(['program']);
    expect(await subjects('?automatic=false')).toEqual(['person']);
  });
});

describe('the conversation of an item', () => {
  it('has the mails of its thread, each once in however many mailboxes, and what else the sender wrote', async () => {
    const queueId = await aQueue(api.db);
    const [desk, sales, other] = await Promise.all([1, 2, 3].map(() => anAccount(api.db, { defaultQueueId: queueId })));
    const from = { address: `Customer-${randomUUID()}@example.org` };
    const first = `<${randomUUID()}@example.org>`;
    const at = (minute: number) => new Date(Date.parse('2026-05-01T10:00:00Z') + minute * 60_000);
    const thread = `thread ${randomUUID()}`;
    await deliver(desk as string, queueId, [
      { subject: 'first', internetMessageId: first, conversationId: thread, from, receivedAt: at(0) },
      { subject: 'second', conversationId: thread, from: { address: 'someone@example.org' }, receivedAt: at(1) },
      { subject: 'unrelated', conversationId: 'another', from, receivedAt: at(-9) },
    ]);
    // The same mail in another mailbox, under that one's conversation; and an answer to it there.
    await deliver(sales as string, queueId, [
      { subject: 'first', internetMessageId: first, conversationId: 'of sales', from, receivedAt: at(0) },
      { subject: 'to sales', conversationId: 'of sales', from, receivedAt: at(2) },
    ]);
    await deliver(other as string, queueId, [
      {
        subject: 'referring',
        conversationId: 'of other',
        from,
        receivedAt: at(3),
        headers: [{ name: 'References', value: `<x@y> ${first}` }],
      },
    ]);
    const idOf = async (subject: string) =>
      (
        await api.db
          .selectFrom('items')
          .innerJoin('messages', 'messages.id', 'items.messageId')
          .select('items.id')
          .where('subject', '=', subject)
          .where('messages.accountId', 'in', [desk, sales, other] as string[])
          .executeTakeFirstOrThrow()
      ).id;
    const conversation = async (subject: string) =>
      (await api.call('GET', `/api/v1/conversations/${await idOf(subject)}`)).json;
    const seen = await conversation('second');
    expect(seen.mails.map(({ subject }: { subject: string }) => subject)).toEqual(['first', 'second', 'to sales']);
    expect(seen.mails[0].alsoIn).toHaveLength(1);
    expect(seen.answers).toEqual([]);
    const facts = {
      accountId: String(desk),
      kind: 'reply',
      author: `user:${randomUUID()}`,
      subject: 'Re: first',
      format: 'html',
    } as const;
    const recipients = JSON.stringify({ to: [{ address: 'ada@example.org' }], cc: [], bcc: [] });
    const answer = { ...facts, itemId: await idOf('first'), recipients, body: '<p>Yes.</p>', includesQuote: true };
    const sent = { ...answer, state: 'sent', scheduledAt: new Date() } as const;
    await api.db
      .insertInto('answers')
      .values([sent, { ...answer, author: `user:${randomUUID()}` }])
      .execute();
    expect((await conversation('second')).answers).toMatchObject([{ state: 'sent', subject: 'Re: first' }]);
    expect((await conversation('unrelated')).answers).toEqual([]);
    const referring = await conversation('referring');
    expect(referring.mails.map(({ subject }: { subject: string }) => subject)).toEqual([
      'first',
      'second',
      'to sales',
      'referring',
    ]);
    expect(referring.earlier.map(({ subject }: { subject: string }) => subject)).toEqual(['unrelated']);
    expect((await api.call('GET', `/api/v1/conversations/${randomUUID()}`)).status).toBe(404);
  });
});
