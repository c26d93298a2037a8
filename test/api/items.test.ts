import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

/** A queue with these messages, oldest first unless they say otherwise. */
async function queueWith(messages: readonly Partial<NewMessage>[]): Promise<string> {
  const queueId = await aQueue(api.db);
  const accountId = await anAccount(api.db, { defaultQueueId: queueId });
  const start = Date.parse('2026-05-01T10:00:00Z');
  const all = messages.map((message, index) => aMessage({ receivedAt: new Date(start + index * 1_000), ...message }));
  await insertMessages(api.db, accountId, all, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  return queueId;
}

const claim = (queueId: string, key = api.apiKeys.Agent, body?: object) =>
  api.call('POST', `/api/v1/queues/${queueId}/claim`, { key, ...(body && { body }) });
const act = (id: string, what: 'complete' | 'release', key = api.apiKeys.Agent) =>
  api.call('POST', `/api/v1/items/${id}/${what}`, { key });
const claimThis = (id: string, key = api.apiKeys.Agent) => api.call('POST', `/api/v1/items/${id}/claim`, { key });
const expireLease = (id: string) =>
  api.db
    .updateTable('items')
    .set({ leaseExpiresAt: new Date(0) })
    .where('id', '=', id)
    .execute();

describe('claiming one item', () => {
  it('takes it from the middle of its queue, and holds it longer when it is claimed again', async () => {
    const queueId = await queueWith([{ subject: 'first' }, { subject: 'second' }]);
    const { items } = (await api.call('GET', `/api/v1/queues/${queueId}/items`)).json;
    const { id } = items[1];
    const claimed = await claimThis(id);
    expect(claimed.json).toMatchObject({ subject: 'second', state: 'claimed', claim: { name: 'key of Agent' } });
    const again = await claimThis(id);
    expect(again.json.claim.at).toBe(claimed.json.claim.at);
    expect(Date.parse(again.json.claim.leaseExpiresAt)).toBeGreaterThan(Date.parse(claimed.json.claim.leaseExpiresAt));
    expect((await claim(queueId)).json.subject).toBe('first');
  });

  it('is refused while somebody else holds it, and when it is completed', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claim(queueId)).json;
    expect((await claimThis(id, api.apiKeys.Supervisor)).json).toMatchObject({
      status: 409,
      detail: expect.stringContaining('Another user holds this item'),
    });
    await expireLease(id);
    expect((await claimThis(id, api.apiKeys.Supervisor)).status).toBe(200);
    await act(id, 'complete', api.apiKeys.Supervisor);
    expect((await claimThis(id)).json).toMatchObject({ detail: expect.stringContaining('completed already') });
  });
});

describe('an answer that got lost', () => {
  it('is given again to who asks by the same name, also twice at once, and to nobody else', async () => {
    const queueId = await queueWith(['first', 'second', 'third'].map((subject) => ({ subject })));
    const requestId = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => claim(queueId, api.apiKeys.Agent, { requestId })));
    expect(answers.map(({ json }) => json.subject)).toEqual(['first', 'first', 'first']);
    expect((await claim(queueId, api.apiKeys.Supervisor, { requestId })).json.subject).toBe('second');
    expect((await claim(queueId)).json.subject).toBe('third');
  });

  it('is no reason to hold an item for ever: it is among what one holds, until it is completed', async () => {
    const queueId = await queueWith([{ subject: 'held' }, { subject: 'other' }]);
    const requestId = randomUUID();
    const { id } = (await claim(queueId, api.apiKeys.Supervisor, { requestId })).json;
    const held = async () => (await api.call('GET', '/api/v1/items/held', { key: api.apiKeys.Supervisor })).json.items;
    expect(await held()).toContainEqual(expect.objectContaining({ id, subject: 'held' }));
    await api.call('POST', `/api/v1/items/${id}/complete`, { key: api.apiKeys.Supervisor });
    expect(await held()).not.toContainEqual(expect.objectContaining({ id }));
    expect((await claim(queueId, api.apiKeys.Supervisor, { requestId })).json.subject).toBe('other');
  });

  it('leaves nothing claimed when it could not be read', async () => {
    const queueId = await queueWith([{ subject: 'unread' }]);
    await sql`alter table attachments rename to attachments_away`.execute(api.db);
    const refused = await claim(queueId);
    await sql`alter table attachments_away rename to attachments`.execute(api.db);
    expect([refused.status, refused.json.facts.outcome]).toEqual([500, 'nothing']);
    expect(refused.json.detail).toContain('Nothing was changed.');
    expect((await claim(queueId)).json.subject).toBe('unread');
  });
});

describe('an answer that cannot be made', () => {
  /** Nothing that a release writes; no time that an answer can hold. */
  const spoil = (id: string, queuedAt: string) =>
    sql`update items set queued_at = ${queuedAt}::timestamptz where id = ${id}`.execute(api.db);
  const stateOf = (id: string) =>
    api.db.selectFrom('items').select(['state', 'claimedBy']).where('id', '=', id).executeTakeFirstOrThrow();

  it('changes nothing: neither by a claim nor by a completion or a release', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await api.call('GET', `/api/v1/queues/${queueId}/items`)).json.items[0];
    await spoil(id, 'infinity');
    for (const refused of [await claim(queueId), await claimThis(id)]) {
      expect([refused.status, refused.json.facts.outcome]).toEqual([500, 'nothing']);
    }
    expect(await stateOf(id)).toEqual({ state: 'waiting', claimedBy: null });
    await spoil(id, 'now');
    await claim(queueId);
    await spoil(id, 'infinity');
    for (const what of ['complete', 'release'] as const) expect((await act(id, what)).status).toBe(500);
    expect(await stateOf(id)).toMatchObject({ state: 'claimed' });
  });
});

describe('claiming', () => {
  it('gives the oldest item with its message and why it is here, and then says that nothing waits', async () => {
    const queueId = await queueWith([{ subject: 'second', receivedAt: new Date('2026-06-02') }, { subject: 'first' }]);
    const first = await claim(queueId, api.apiKeys.Agent, { leaseSeconds: 60 });
    expect(first.status).toBe(200);
    expect(first.json).toMatchObject({
      state: 'claimed',
      subject: 'first',
      queue: { id: queueId },
      why: 'The account has no rules, so everything goes to the default queue.',
      claim: { name: 'key of Agent' },
      message: { text: 'Hi', html: '<p>Hi</p>', headers: [{ name: 'Subject', value: 'Hello' }], attachments: [] },
    });
    const lease = Date.parse(first.json.claim.leaseExpiresAt) - Date.now();
    expect(lease).toBeGreaterThan(50_000);
    expect(lease).toBeLessThanOrEqual(61_000);
    expect((await claim(queueId)).json.subject).toBe('second');
    const nothing = await claim(queueId);
    expect([nothing.status, nothing.text]).toEqual([204, '']);
  });

  it('gives no item to two of fifty callers at once, and each to one', async () => {
    const queueId = await queueWith(Array.from({ length: 40 }, (_, index) => ({ subject: `message ${index}` })));
    const answers = await Promise.all(Array.from({ length: 50 }, () => claim(queueId)));
    const ids = answers.filter(({ status }) => status === 200).map(({ json }) => json.id);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(10);
  });

  it('gives an item again when its lease ran out, and then the first holder has lost it', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claim(queueId)).json;
    await expireLease(id);
    expect((await api.call('GET', `/api/v1/items/${id}`)).json).toMatchObject({ state: 'waiting', claim: null });
    expect((await claim(queueId, api.apiKeys.Supervisor)).json).toMatchObject({
      id,
      claim: { name: 'key of Supervisor' },
    });
    expect((await act(id, 'complete')).json).toMatchObject({ status: 409, type: 'urn:mailroom:problem:not-claimed' });
  });

  it('gives unanswered items first, unless an answered one that waits again is due before them', async () => {
    const queueId = await queueWith([{ subject: 'answered' }, { subject: 'answered later' }, { subject: 'new' }]);
    await api.db
      .updateTable('items')
      .set({ answeredAt: new Date() })
      .where('queueId', '=', queueId)
      .where('receivedAt', '<', new Date('2026-05-01T10:00:02Z'))
      .execute();
    /** Claims the next, and puts it back. */
    const next = async () => {
      const { id, subject } = (await claim(queueId)).json;
      await act(id, 'release');
      return subject;
    };
    const setTarget = (firstAnswerMinutes: number | null, resolutionMinutes: number | null) =>
      api.call('PATCH', `/api/v1/queues/${queueId}`, {
        body: { target: { firstAnswerMinutes, resolutionMinutes, hours: null } },
      });
    expect(await next()).toBe('new');
    await setTarget(60, null);
    expect(await next()).toBe('new');
    await setTarget(60, 240);
    expect(await next()).toBe('new');
    // Both by the same target: the older one is due first.
    await setTarget(null, 240);
    expect(await next()).toBe('answered');
    await setTarget(60, null);
    const subjects = [];
    for (let n = 0; n < 3; n++) subjects.push((await claim(queueId)).json.subject);
    expect(subjects).toEqual(['new', 'answered', 'answered later']);
  });

  it.each([{ leaseSeconds: 29 }, { leaseSeconds: 3_601 }])('refuses a lease of %j', async (body) => {
    expect((await claim(await queueWith([]), api.apiKeys.Agent, body)).status).toBe(422);
  });

  it('is a 404 for a queue that does not exist', async () => {
    expect((await claim('01995f2e-7c1a-7b3e-9a55-4a6c2f0e8d11')).status).toBe(404);
  });
});

describe('a claimed item', () => {
  it('is completed by its holder, also a second time and also after its lease, and by nobody else', async () => {
    const { id } = (await claim(await queueWith([{}]))).json;
    expect((await act(id, 'complete', api.apiKeys.Supervisor)).status).toBe(409);
    await expireLease(id);
    expect((await act(id, 'complete')).json).toMatchObject({ state: 'completed', completedAt: expect.any(String) });
    expect((await act(id, 'complete')).status).toBe(200);
    expect((await act(id, 'complete', api.apiKeys.Supervisor)).json.detail).toContain('completed already');
    expect((await act(id, 'release')).status).toBe(409);
  });

  it('is released by its holder, waits again, and can be released once more', async () => {
    const queueId = await queueWith([{}]);
    const { id } = (await claim(queueId)).json;
    expect((await act(id, 'release')).json).toMatchObject({ state: 'waiting', claim: null });
    expect((await act(id, 'release')).status).toBe(200);
    expect((await act(id, 'complete')).json.detail).toBe('This item is not claimed. Claim it first.');
    expect((await claim(queueId)).json.id).toBe(id);
  });

  it('is taken back by a supervisor, which is remembered, but not by another agent', async () => {
    const { id, account } = (await claim(await queueWith([{}]))).json;
    const other = await api.keyFor('Agent', `another agent ${id}`);
    expect((await act(id, 'release', other)).json.detail).toContain('Another user holds this item');
    expect((await act(id, 'release', api.apiKeys.Supervisor)).json.state).toBe('waiting');
    const { events } = (await api.call('GET', `/api/v1/email/accounts/${account.id}/events`)).json;
    expect(events[0]).toMatchObject({ name: 'item.taken-back', by: 'key of Supervisor' });
  });

  it('tells afterwards how it was lost: taken back by whom, or its lease ran out, but not that it was released', async () => {
    const queueId = await queueWith([{}, {}]);
    const { id, claim: mine } = (await claim(queueId)).json;
    const read = async (item = id) => (await api.call('GET', `/api/v1/items/${item}`)).json;
    expect(await read()).toMatchObject({ state: 'claimed', lostClaim: null });
    await act(id, 'release', api.apiKeys.Supervisor);
    expect(await read()).toMatchObject({
      state: 'waiting',
      lostClaim: { how: 'taken-back', claimedBy: mine.by, endedByName: 'key of Supervisor' },
    });
    await claimThis(id);
    expect((await read()).lostClaim).toBeNull();
    await expireLease(id);
    expect(await read()).toMatchObject({
      state: 'waiting',
      claim: null,
      lostClaim: { how: 'expired', claimedBy: mine.by, endedAt: '1970-01-01T00:00:00.000Z', endedByName: null },
    });
    const other = (await claim(queueId)).json.id === id ? (await claim(queueId)).json.id : undefined;
    await act(other, 'release');
    expect((await read(other)).lostClaim).toBeNull();
  });
});

describe('the items of a queue', () => {
  it('are listed page by page, each once, in both orders', async () => {
    const sameTime = { receivedAt: new Date('2026-07-01T00:00:00Z') };
    const queueId = await queueWith(Array.from({ length: 7 }, (_, index) => ({ subject: `${index}`, ...sameTime })));
    for (const order of ['oldest', 'newest']) {
      const ids: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query = `order=${order}&pageSize=3${cursor && `&cursor=${cursor}`}`;
        const page: { items: { id: string }[]; nextCursor: string | null } = (
          await api.call('GET', `/api/v1/queues/${queueId}/items?${query}`)
        ).json;
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(ids).toEqual(order === 'oldest' ? [...ids].sort() : [...ids].sort().reverse());
      expect(new Set(ids).size).toBe(7);
    }
  });

  it('are told apart by state, and counted', async () => {
    const queueId = await queueWith([{}, {}, {}, {}]);
    const [done, held, lapsed] = [await claim(queueId), await claim(queueId), await claim(queueId)];
    await act(done.json.id, 'complete');
    await expireLease(lapsed.json.id);
    const count = async (state: string) =>
      (await api.call('GET', `/api/v1/queues/${queueId}/items?state=${state}`)).json.items.length;
    expect([await count('waiting'), await count('claimed'), await count('completed'), await count('all')]).toEqual([
      2, 1, 1, 4,
    ]);
    expect((await api.call('GET', `/api/v1/queues/${queueId}`)).json).toMatchObject({
      waiting: 2,
      claimed: 1,
      oldestWaitingAt: '2026-05-01T10:00:02.000Z',
    });
    expect((await api.call('DELETE', `/api/v1/queues/${queueId}`)).json.detail).toContain('holds 3 open items');
    expect(held.status).toBe(200);
  });

  it('show mail as it was received, also what would run in a browser, as JSON', async () => {
    const bodyHtml = '<script>alert(1)</script><img src=x onerror=alert(2)>';
    const attachments = [
      {
        graphId: 'a',
        kind: 'file' as const,
        name: '../../x‮fdp.exe',
        contentType: undefined,
        size: 12,
        isInline: false,
        contentId: undefined,
      },
    ];
    const { json, headers } = await claim(await queueWith([{ subject: '', from: undefined, bodyHtml, attachments }]));
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(json).toMatchObject({
      subject: '',
      from: null,
      why: 'The message has no subject, so it goes to the default queue.',
      message: { html: bodyHtml, attachments: [{ name: '../../x‮fdp.exe', size: 12 }] },
    });
  });

  it('say that their text is not all, and how', async () => {
    const queueId = await queueWith([{ textForm: 'bare', bodyText: 'words' }, { bodyText: 'a'.repeat(1_000_001) }]);
    expect((await claim(queueId)).json.message).toMatchObject({ textForm: 'bare', text: 'words' });
    expect((await claim(queueId)).json.message).toMatchObject({ textForm: 'cut', text: 'a'.repeat(1_000_000) });
  });

  it('leave out HTML that no browser shows in time, and give it by itself as text', async () => {
    const bodyHtml = `<script>1</script>${'é'.repeat(2_000_000)}`;
    const { json } = await claim(await queueWith([{ bodyHtml }, { bodyHtml: undefined }]));
    expect(json.message).toMatchObject({ html: null, htmlBytes: 4_000_018, text: 'Hi', textForm: 'whole' });
    const whole = await api.call('GET', `/api/v1/items/${json.id}/html`, { key: api.apiKeys.Agent });
    expect(whole.text).toBe(bodyHtml);
    expect(whole.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="message.html.txt"',
      'x-content-type-options': 'nosniff',
    });
    const plain = (await claim(json.queue.id)).json;
    expect(plain.message).toMatchObject({ html: null, htmlBytes: null });
    expect((await api.call('GET', `/api/v1/items/${plain.id}/html`)).status).toBe(204);
    const absent = await api.call('GET', '/api/v1/items/00000000-0000-4000-8000-000000000000/html');
    expect(absent.json).toMatchObject({ status: 404, reason: 'no-such-item' });
  });
});

describe('an item whose message was deleted', () => {
  it('says so wherever it is shown, and is worked on like any other', async () => {
    const queueId = await queueWith([{ subject: 'Deleted', hasAttachments: true }]);
    await sql`delete from messages where id in (select message_id from items where queue_id = ${queueId})`.execute(
      api.db,
    );
    const deleted = { subject: '', from: null, hasAttachments: false, contentDeletedAt: expect.any(String) };
    const { items } = (await api.call('GET', `/api/v1/queues/${queueId}/items`)).json;
    expect(items).toMatchObject([{ ...deleted, why: expect.stringContaining('default queue') }]);
    const { id } = items[0];
    expect((await api.call('GET', `/api/v1/items/${id}`)).json).toMatchObject({ ...deleted, message: null });
    expect((await api.call('GET', `/api/v1/items/${id}/html`)).json).toMatchObject({
      status: 410,
      reason: 'message-deleted',
    });
    expect((await claim(queueId)).json).toMatchObject({ id, state: 'claimed', message: null });
    expect((await act(id, 'complete')).json).toMatchObject({ state: 'completed', message: null });
  });
});
