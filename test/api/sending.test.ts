import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unsentDrafts } from '../../database/answers/unsent-drafts.ts';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { MAILROOM } from '../../domain/answer.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { insertSettings } from '../support/simulated-organisation.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let queueId: string;
let accountId: string;
beforeAll(async () => {
  api = await startTestApi();
  await insertSettings(api);
  await api.db.updateTable('settings').set({ sendingEnabled: true }).execute();
  queueId = await aQueue(api.db);
  accountId = await anAccount(api.db, { defaultQueueId: queueId, sendingEnabled: true, sendingGranted: true });
});
afterAll(() => api.stop());

async function anItem(message: Partial<NewMessage> = {}): Promise<string> {
  const captured = aMessage({ from: { address: `${randomUUID()}@example.org` }, ...message });
  await insertMessages(api.db, accountId, [captured], createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  const { id } = await api.db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .select('items.id')
    .where('graphId', '=', captured.graphId)
    .executeTakeFirstOrThrow();
  return id;
}

const agent = () => api.apiKeys.Agent;
const open = async (itemId: string, kind = 'reply', key = agent()) =>
  (await api.call('POST', `/api/v1/items/${itemId}/drafts`, { key, body: { kind } })).json;

interface Sending {
  readonly requestKey?: string;
  readonly key?: string;
  readonly version?: number;
  readonly body?: object;
}

const send = (id: string, { requestKey = randomUUID(), key = agent(), version = 1, body = {} }: Sending = {}) =>
  api.call('POST', `/api/v1/drafts/${id}/send`, {
    key,
    headers: { 'idempotency-key': requestKey, 'if-match': `"${version}"` },
    body,
  });
const act = (id: string, what: string, key = agent()) => api.call('POST', `/api/v1/answers/${id}/${what}`, { key });
const itemOf = async (id: string) => (await api.call('GET', `/api/v1/items/${id}`)).json;

async function save(id: string, body: string, format = 'html') {
  const draft = (await api.call('GET', `/api/v1/drafts/${id}`, { key: agent() })).json;
  const { to, cc, bcc, subject, includesQuote, version } = draft;
  return await api.call('PUT', `/api/v1/drafts/${id}`, {
    key: agent(),
    headers: { 'if-match': `"${version}"` },
    body: { to, cc, bcc, subject, includesQuote, format, body },
  });
}

describe('sending an answer', () => {
  it('schedules it, and completes its item at once, if that is wanted', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    const sent = await send(id, { body: { completeItem: true } });
    expect(sent).toMatchObject({ status: 202, json: { state: 'scheduled', completesItem: true } });
    expect(Date.parse(sent.json.sendAt) - Date.now()).toBeGreaterThan(8_000);
    expect(await itemOf(itemId)).toMatchObject({ state: 'completed', claim: { name: 'key of Agent' } });
    expect((await save(id, 'late')).json.reason).toBe('draft-not-editable');
  });

  it('completes its item as every completion does: a parked one is parked no more, a joined one stays with its item', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    await api.call('POST', `/api/v1/items/${itemId}/park`, { key: agent(), body: { reason: 'customer' } });
    expect((await send(id, { body: { completeItem: true } })).status).toBe(202);
    expect(await itemOf(itemId)).toMatchObject({ state: 'completed', parked: null });
    const stored = api.db.selectFrom('items').select(['parkedBy', 'parkReason']).where('id', '=', itemId);
    expect(await stored.executeTakeFirst()).toEqual({ parkedBy: null, parkReason: null });

    const joined = await anItem();
    await api.db.updateTable('items').set({ state: 'joined', joinedTo: itemId }).where('id', '=', joined).execute();
    const refused = await send((await open(joined)).id, { body: { completeItem: true } });
    expect(refused.json).toMatchObject({ status: 409, reason: 'item-joined' });
  });

  it('is not sent where it would complete a mail that was joined since and is not seen', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    const { newestMail: seenThrough } = await itemOf(itemId);
    const joined = await anItem();
    await api.db.updateTable('items').set({ state: 'joined', joinedTo: itemId }).where('id', '=', joined).execute();
    const refused = await send(id, { body: { completeItem: true, seenThrough } });
    expect(refused.json).toMatchObject({ status: 409, reason: 'item-has-new-mail', facts: { newestMail: joined } });
    expect((await itemOf(itemId)).state).toBe('waiting');
    expect((await send(id, { body: { completeItem: true, seenThrough: joined } })).status).toBe(202);
    expect((await itemOf(joined)).state).toBe('completed');
  });

  it('that says nothing of what was seen counts what came since the draft was begun as unseen', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    const joined = await anItem();
    await api.db.updateTable('items').set({ state: 'joined', joinedTo: itemId }).where('id', '=', joined).execute();
    const refused = await send(id, { body: { completeItem: true } });
    expect(refused.json).toMatchObject({ status: 409, reason: 'item-has-new-mail', facts: { newestMail: joined } });
    expect((await send(id, { body: { completeItem: true, seenThrough: joined } })).status).toBe(202);
  });

  it('goes to addresses alone, also where the mail came from none', async () => {
    const { id } = await open(await anItem({ from: { name: 'Mail Delivery', address: 'MAILER-DAEMON' } }));
    expect((await send(id)).json).toMatchObject({ status: 422, reason: 'recipient-no-address' });
  });

  it('is refused for a mail whose content was deleted, and leaves the draft', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    await api.db.updateTable('items').set({ messageId: null }).where('id', '=', itemId).execute();
    const refused = await send(id, { body: { completeItem: true } });
    expect(refused.json).toMatchObject({ status: 410, reason: 'message-deleted' });
    expect((await itemOf(itemId)).state).toBe('waiting');
    expect((await save(id, 'mine')).json.state).toBe('draft');
  });

  it.each(['html', 'text'])(
    'that has words in %s holds up the completion of its item, until it is left on purpose',
    async (format) => {
      const itemId = await anItem();
      const { id } = await open(itemId);
      await api.call('POST', `/api/v1/items/${itemId}/claim`, { key: agent() });
      const complete = (body: object, key = agent()) =>
        api.call('POST', `/api/v1/items/${itemId}/complete`, { key, body });
      const inBulk = async () => {
        const body = { ids: [itemId], action: { kind: 'complete', unlessDraft: true } };
        return (await api.call('POST', '/api/v1/items/bulk', { key: agent(), body })).json.results;
      };
      await save(id, format === 'html' ? '<p>Dear customer</p>' : 'Dear customer', format);
      const refused = await complete({ unlessDraft: true });
      expect(refused.json).toMatchObject({ status: 409, reason: 'item-has-draft', facts: { drafts: [id], own: [id] } });
      expect(await inBulk()).toMatchObject([{ id: itemId, done: false, reason: 'item-has-draft' }]);
      // So do those of one that failed; those that Mailroom writes by itself do not.
      const put = (values: { state: 'failed' | 'draft'; author?: string }) =>
        api.db.updateTable('answers').set(values).where('id', '=', id).returning('author').executeTakeFirstOrThrow();
      const { author } = await put({ state: 'failed' });
      expect((await complete({ unlessDraft: true })).json.reason).toBe('item-has-draft');
      await put({ state: 'draft', author: MAILROOM });
      expect(await unsentDrafts(api.db, [itemId])).toEqual(new Map());
      await put({ state: 'draft', author });
      expect((await itemOf(itemId)).state).toBe('claimed');
      expect((await complete({})).json.state).toBe('completed');
    },
  );

  it.each([
    ['html', '<p></p><div class="mailroom-signature"><p>Ann</p></div><blockquote>Hello</blockquote>'],
    ['text', '\n-- \nAnn\n'],
  ])('that has no words of its own in %s holds up nothing', async (format, body) => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    await save(id, body, format);
    const ids = [itemId];
    const completed = await api.call('POST', '/api/v1/items/bulk', {
      key: agent(),
      body: { ids, action: { kind: 'complete', unlessDraft: true } },
    });
    expect(completed.json.results).toMatchObject([{ id: itemId, done: true }]);
  });

  it('needs the version that was read, and a name for the request', async () => {
    const { id } = await open(await anItem());
    await save(id, '<p>newer</p>');
    expect((await send(id)).json).toMatchObject({ status: 412, reason: 'draft-changed' });
    const nameless = await api.call('POST', `/api/v1/drafts/${id}/send`, {
      key: agent(),
      headers: { 'if-match': '"2"' },
      body: {},
    });
    expect(nameless.json).toMatchObject({ status: 400, reason: 'request-key-missing' });
    expect((await send(id, { version: 2 })).status).toBe(202);
  });

  it('happens once for the same request, also twice at once, and also when it comes again after an undo', async () => {
    const { id } = await open(await anItem());
    const requestKey = randomUUID();
    const both = await Promise.all([send(id, { requestKey }), send(id, { requestKey })]);
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(both[0].json.sendAt).toBe(both[1].json.sendAt);
    expect((await send(id)).json.reason).toBe('draft-not-editable');
    expect((await act(id, 'undo')).json.state).toBe('draft');
    expect((await send(id, { requestKey })).json.state).toBe('draft');
    expect((await send(id)).json.state).toBe('scheduled');
  });

  it('is not taken for an earlier one that wanted something else, or that another person named alike', async () => {
    const { id } = await open(await anItem());
    const requestKey = randomUUID();
    expect((await send(id, { requestKey })).status).toBe(202);
    const more = await send(id, { requestKey, body: { completeItem: true } });
    expect(more.json).toMatchObject({ status: 409, reason: 'draft-not-editable' });
    const others = await send(id, { requestKey, key: api.apiKeys.Supervisor });
    expect(others.json.reason).toBe('draft-not-editable');
    await act(id, 'undo');
    await save(id, 'changed');
    const changed = await send(id, { requestKey, version: 2 });
    expect(changed.json).toMatchObject({ status: 422, reason: 'request-key-reused' });
    expect((await send(id, { version: 2 })).json.state).toBe('scheduled');
  });

  it('has a name of 200 characters at most', async () => {
    const { id } = await open(await anItem());
    const refused = await send(id, { requestKey: 'k'.repeat(10_000) });
    expect(refused.json).toMatchObject({ status: 400, errors: [{ path: '/idempotency-key', reason: 'too-long' }] });
    expect(refused.json.detail).toContain('in the headers');
  });

  it('can be undone until it is being sent, and says when that is too late', async () => {
    const { id } = await open(await anItem());
    await send(id);
    await api.db.updateTable('answers').set({ state: 'sending' }).where('id', '=', id).execute();
    const late = { status: 409, reason: 'answer-state-forbids', facts: { state: 'sending' } };
    expect((await act(id, 'undo')).json).toMatchObject({ ...late, detail: expect.stringContaining('too late') });
  });

  it('is undone with its item, which is held by who completed it', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    await send(id, { body: { completeItem: true } });
    expect((await act(id, 'undo')).json).toMatchObject({ state: 'draft', completesItem: false, sendAt: null });
    expect(await itemOf(itemId)).toMatchObject({
      state: 'claimed',
      claim: { name: 'key of Agent' },
      completedAt: null,
    });
  });

  it('is refused for an item that another person holds, and leaves the draft', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    await api.call('POST', `/api/v1/items/${itemId}/claim`, { key: api.apiKeys.Supervisor });
    expect((await send(id)).json).toMatchObject({ status: 409, reason: 'item-held-by-other' });
    expect((await api.call('GET', `/api/v1/drafts/${id}`, { key: agent() })).json.state).toBe('draft');
  });

  it('is refused without recipients, and for the draft of another person', async () => {
    const { id } = await open(await anItem(), 'forward');
    expect((await send(id)).json).toMatchObject({ status: 422, reason: 'recipients-missing' });
    expect((await send(id, { key: api.apiKeys.Supervisor })).json.reason).toBe('draft-of-other');
  });

  it('is refused with more recipients than a mail can have, which the draft keeps', async () => {
    const to = Array.from({ length: 501 }, (_, index) => ({ address: `to${index}@example.org` }));
    const { id } = await open(await anItem({ recipients: { to, cc: [], bcc: [], replyTo: [] } }), 'reply-all');
    expect((await send(id)).json).toMatchObject({ status: 422, reason: 'too-many-recipients', facts: { most: 500 } });
    expect((await save(id, 'I answer all of you.')).json).toMatchObject({ version: 2, to: { length: 502 } });
  });

  it.each([
    ['sending-not-enabled', { sendingEnabled: false }],
    ['consent-needed', { sendingGranted: false }],
    ['sign-in-needed', { signIn: 'needed' }],
    ['account-disabled', { enabled: false }],
  ] as const)('says why it is not possible: %s', async (why, change) => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    await api.db.updateTable('accounts').set(change).where('id', '=', accountId).execute();
    const refused = await send(id);
    const { sending } = (await api.call('GET', `/api/v1/items/${itemId}/answers`, { key: agent() })).json;
    const works = { sendingEnabled: true, sendingGranted: true, signIn: 'done', enabled: true } as const;
    await api.db.updateTable('accounts').set(works).where('id', '=', accountId).execute();
    expect(refused.json).toMatchObject({ status: 409, reason: 'sending-not-possible', facts: { why } });
    expect(sending).toMatchObject({ isPossible: false, reason: why, words: refused.json.detail });
  });
});

describe('a person confirms first', () => {
  const needed = async (id: string, version = 1) => (await send(id, { version })).json.facts?.needed;

  it('an answer to what a program sent', async () => {
    const headers = [{ name: 'Auto-Submitted', value: 'auto-replied' }];
    const { id } = await open(await anItem({ headers }));
    expect(await needed(id)).toEqual(['automatic-mail']);
    expect((await send(id, { body: { confirmed: ['automatic-mail'] } })).status).toBe(202);
  });

  it('an answer to what another person has answered since', async () => {
    const itemId = await anItem();
    const { id } = await open(itemId);
    const other = await open(itemId, 'reply', api.apiKeys.Supervisor);
    expect((await send(other.id, { key: api.apiKeys.Supervisor })).status).toBe(202);
    expect(await needed(id)).toEqual(['answered-meanwhile']);
  });

  it('one of two answers to an item that are sent at the same moment', async () => {
    const itemId = await anItem();
    const supervisor = api.apiKeys.Supervisor;
    const drafts = [await open(itemId), await open(itemId, 'reply', supervisor)];
    const body = { completeItem: true };
    const answers = await Promise.all([send(drafts[0].id, { body }), send(drafts[1].id, { key: supervisor, body })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.json).toMatchObject({ reason: 'needs-confirmation', facts: { needed: ['answered-meanwhile'] } });
  });

  it('words about an attachment without one', async () => {
    const { id } = await open(await anItem());
    await save(id, '<p>The invoice is <b>attached</b>.</p>');
    expect(await needed(id, 2)).toEqual(['no-attachment']);
    await save(id, '<p>Die Rechnung finden Sie im Anhang.</p>');
    expect(await needed(id, 3)).toEqual(['no-attachment']);
    const file = { name: 'a.pdf', contentType: 'application/pdf', size: 1, isComplete: true };
    await api.db
      .insertInto('answerAttachments')
      .values({ answerId: id, ...file })
      .execute();
    expect((await send(id, { version: 3 })).status).toBe(202);
  });

  it('the sixth answer to one address in a day', async () => {
    const from = { address: 'often@example.org' };
    for (let count = 0; count < 5; count += 1) {
      expect((await send((await open(await anItem({ from }))).id)).status).toBe(202);
    }
    const { id } = await open(await anItem({ from }));
    expect(await needed(id)).toEqual(['many-answers']);
    expect((await send(id, { body: { confirmed: ['many-answers'] } })).status).toBe(202);
  });
});

describe('answers that a person has to look at', () => {
  it('are listed until they are sent again, marked or given up', async () => {
    const ids: string[] = [];
    for (const state of ['failed', 'unknown', 'unknown'] as const) {
      const { id } = await open(await anItem());
      await send(id);
      const reason = state === 'failed' ? 'mailbox-full' : 'no-answer';
      await api.db.updateTable('answers').set({ state, reason, endedAt: new Date() }).where('id', '=', id).execute();
      ids.push(id);
    }
    const listed = async () =>
      (await api.call('GET', '/api/v1/answers?state=failed,unknown&mine=true', { key: agent() })).json.answers;
    expect((await listed()).map(({ id }: { id: string }) => id).toSorted()).toEqual(ids.toSorted());
    expect((await listed()).find(({ state }: { state: string }) => state === 'failed').problem).toMatchObject({
      reason: 'mailbox-full',
      words: expect.stringContaining('The mailbox is full'),
    });
    const [failed = '', unknown = '', other = ''] = ids;
    expect((await act(failed, 'mark-sent')).json.reason).toBe('answer-state-forbids');
    expect((await act(failed, 'retry')).json).toMatchObject({ state: 'scheduled', problem: null });
    expect((await act(unknown, 'mark-sent')).json.state).toBe('sent');
    expect((await act(other, 'discard')).json.state).toBe('discarded');
    expect((await act(other, 'retry')).json.reason).toBe('answer-state-forbids');
    expect(await listed()).toEqual([]);
  });

  it('of which one failed is changed like a draft, and sent', async () => {
    const { id } = await open(await anItem());
    await send(id);
    await api.db
      .updateTable('answers')
      .set({ state: 'failed', reason: 'recipient-refused' })
      .where('id', '=', id)
      .execute();
    const saved = await save(id, '<p>Better</p>');
    expect(saved.json).toMatchObject({ state: 'failed', body: '<p>Better</p>' });
    expect((await send(id, { version: saved.json.version })).json).toMatchObject({ state: 'scheduled', problem: null });
  });
});

describe('the permission to send', () => {
  it('is given by the installation and for each account, and says what is missing', async () => {
    const path = `/api/v1/email/accounts/${accountId}/sending`;
    const put = (where: string, enabled: boolean, key = api.apiKeys.Admin) =>
      api.call('PUT', where, { key, body: { enabled } });
    expect((await put(path, false, agent())).status).toBe(403);
    expect((await put(path, false)).json).toMatchObject({ enabled: false, missing: null, isPossible: false });
    await api.db.updateTable('accounts').set({ sendingGranted: false }).where('id', '=', accountId).execute();
    expect((await put(path, true)).json).toMatchObject({ enabled: true, missing: 'consent', reason: 'consent-needed' });
    expect((await put('/api/v1/email/settings/sending', false)).json).toEqual({ enabled: false });
    expect((await api.call('GET', path)).json).toMatchObject({ missing: 'installation' });
    expect((await api.call('GET', '/api/v1/email/settings')).json.permissions).toHaveLength(4);
    expect((await put('/api/v1/email/settings/sending', true)).json).toEqual({ enabled: true });
    const { permissions, adminConsentUrl } = (await api.call('GET', '/api/v1/email/settings')).json;
    expect(permissions.map(({ name }: { name: string }) => name)).toContain('Mail.Send.Shared');
    expect(adminConsentUrl).toContain('Mail.Send');
    await api.db.updateTable('accounts').set({ sendingGranted: true }).where('id', '=', accountId).execute();
  });
});
