import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sweepUploads } from '../../database/answers/draft-attachments.ts';
import { insertMessages, type NewMessage } from '../../database/capture/message-insertion.ts';
import { createRouter } from '../../domain/routing.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
let queueId: string;
let accountId: string;
beforeAll(async () => {
  api = await startTestApi();
  queueId = await aQueue(api.db);
  accountId = await anAccount(api.db, { defaultQueueId: queueId, address: 'support@contoso.example' });
});
afterAll(() => api.stop());

/** A captured mail; the id of its item. */
async function anItem(message: Partial<NewMessage> = {}): Promise<string> {
  const captured = aMessage(message);
  await insertMessages(api.db, accountId, [captured], createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  const { id } = await api.db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .select('items.id')
    .where('graphId', '=', captured.graphId)
    .executeTakeFirstOrThrow();
  return id;
}

const open = (itemId: string, kind = 'reply', key = api.apiKeys.Agent) =>
  api.call('POST', `/api/v1/items/${itemId}/drafts`, { key, body: { kind } });

const text = { to: [{ address: 'ada@example.org' }], subject: 'Re: Hello', format: 'html', includesQuote: true };
const save = (id: string, etag: unknown, change: object = {}, key = api.apiKeys.Agent) =>
  api.call('PUT', `/api/v1/drafts/${id}`, {
    key,
    headers: { 'if-match': String(etag) },
    body: { ...text, body: '<p>Hi</p>', ...change },
  });
const read = (id: string, key = api.apiKeys.Agent) => api.call('GET', `/api/v1/drafts/${id}`, { key });

const upload = (id: string, name: string, payload: Buffer, type = 'application/pdf', query = '') =>
  api.app.inject({
    method: 'POST',
    url: `/api/v1/drafts/${id}/attachments?name=${encodeURIComponent(name)}${query}`,
    headers: { authorization: `Bearer ${api.apiKeys.Agent}`, 'content-type': type },
    payload,
  });

describe('a draft', () => {
  it('begins with whom to answer and about what, and is the same one when it is opened again, also twice at once', async () => {
    const itemId = await anItem({
      subject: 'AW: Re: Invoice',
      from: { name: 'Ada', address: 'ada@example.org' },
      recipients: {
        to: [{ address: 'Support@contoso.example' }, { name: 'Bo', address: 'bo@example.org' }],
        cc: [{ address: 'cy@example.org' }, { address: 'ADA@example.org' }],
        bcc: [],
        replyTo: [],
      },
    });
    const [first, second] = await Promise.all([open(itemId, 'reply-all'), open(itemId, 'reply-all')]);
    expect([first.status, second.status].sort()).toEqual([200, 201]);
    expect(second.json.id).toBe(first.json.id);
    expect(first.json).toMatchObject({
      subject: 'Re: Invoice',
      to: [
        { name: 'Ada', address: 'ada@example.org' },
        { name: 'Bo', address: 'bo@example.org' },
      ],
      cc: [{ address: 'cy@example.org' }],
      state: 'draft',
      by: { name: 'key of Agent', isYou: true },
    });
    expect((await open(itemId, 'forward')).json).toMatchObject({ subject: 'Fwd: Invoice', to: [], cc: [] });
    expect((await open(itemId)).json.to).toEqual([{ name: 'Ada', address: 'ada@example.org' }]);
  });

  it('answers those of Reply-To instead of the sender', async () => {
    const recipients = { to: [], cc: [], bcc: [], replyTo: [{ address: 'desk@example.org' }] };
    expect((await open(await anItem({ recipients }))).json.to).toEqual([{ address: 'desk@example.org' }]);
  });

  it('is saved only over the version that was read', async () => {
    const opened = await open(await anItem());
    const { id } = opened.json;
    const saved = await save(id, opened.headers.etag, { body: '<p>First</p>' });
    expect(saved.json).toMatchObject({ body: '<p>First</p>', version: 2 });
    const late = await save(id, opened.headers.etag, { body: '<p>Late</p>' });
    expect(late.json).toMatchObject({ status: 412, reason: 'draft-changed', facts: { version: 2 } });
    expect(late.headers.etag).toBe(saved.headers.etag);
    expect(
      (await api.call('PUT', `/api/v1/drafts/${id}`, { key: api.apiKeys.Agent, body: { ...text, body: '' } })).status,
    ).toBe(428);
    expect((await read(id)).json.body).toBe('<p>First</p>');
  });

  it('loses scripts, handlers, style sheets and pictures from elsewhere, and keeps its formatting', async () => {
    const opened = await open(await anItem());
    const body =
      '<p style="color: #c00; position: fixed" onclick="x()">a <b>b</b><script>x()</script></p><style>p{}</style>' +
      '<img src="https://tracker.example/1.gif"><img src="cid:logo@x"><a href="javascript:x()">c</a>' +
      '<a href="https://example.org/">d</a><iframe src="https://example.org/"></iframe><form><input></form>';
    expect((await save(opened.json.id, opened.headers.etag, { body })).json.body).toBe(
      '<p style="color:#c00">a <b>b</b></p><img src="cid:logo@x" /><a rel="noopener noreferrer">c</a>' +
        '<a href="https://example.org/" rel="noopener noreferrer">d</a>',
    );
  });

  it('refuses addresses that are none', async () => {
    const opened = await open(await anItem());
    const { id } = opened.json;
    const wrong = await save(id, opened.headers.etag, { cc: [{ address: 'not an address' }] });
    expect(wrong.json).toMatchObject({ status: 422, errors: [{ path: '/cc/0/address', reason: 'no-email-address' }] });
    const unseen = ['a\u202e@example.org', 'a\u200b@example.org', 'a@exam\u00adple.org', 'a\u0001@example.org'];
    const unreadable = ['a\u0000@example.org', 'a\ud800@example.org', 'team: a@example.org;', '"a b"@example.org'];
    for (const address of [...unseen, ...unreadable, 'a@example.org\r\nBcc: b@example.org', 'a@[127.0.0.1]']) {
      const refused = await save(id, opened.headers.etag, { to: [{ address }] });
      expect([address, refused.json.errors]).toMatchObject([address, [{ path: '/to/0/address' }]]);
    }
  });

  it('is saved with as many recipients as a mail that is answered has', async () => {
    const opened = await open(await anItem());
    const to = Array.from({ length: 2_000 }, (_, index) => ({ address: `a${index}@example.org` }));
    const saved = await save(opened.json.id, opened.headers.etag, { to, cc: to.slice(0, 200) });
    expect([saved.status, saved.json.to.length, saved.json.cc.length]).toEqual([200, 2_000, 200]);
  });

  it('takes a text of millions of characters, and no more', async () => {
    const opened = await open(await anItem());
    const { id } = opened.json;
    const long = await save(id, opened.headers.etag, { format: 'text', body: 'ä'.repeat(3_900_000) });
    expect(long.status).toBe(200);
    expect((await save(id, long.headers.etag, { format: 'text', body: 'a'.repeat(4_000_001) })).status).toBe(422);
  });

  it('is not shown to others, who see who writes it, until they take it over with all its words', async () => {
    const itemId = await anItem();
    const opened = await open(itemId);
    const { id } = opened.json;
    const saved = await save(id, opened.headers.etag, { body: '<p>Half a sen</p>' });
    const other = api.apiKeys.Supervisor;
    expect((await read(id, other)).json).toMatchObject({
      status: 403,
      reason: 'draft-of-other',
      facts: { by: 'key of Agent' },
    });
    const { answers } = (await api.call('GET', `/api/v1/items/${itemId}/answers`, { key: other })).json;
    expect(answers).toEqual([expect.objectContaining({ id, by: expect.objectContaining({ isYou: false }) })]);
    expect(answers[0]).not.toHaveProperty('body');
    // A person has one draft of a kind for each mail.
    const own = (await open(itemId, 'reply', other)).json.id;
    const refused = await api.call('POST', `/api/v1/drafts/${id}/take-over`, { key: other });
    expect(refused.json).toMatchObject({ status: 409, reason: 'draft-own-exists' });
    await api.call('DELETE', `/api/v1/drafts/${own}`, { key: other });
    const taken = await api.call('POST', `/api/v1/drafts/${id}/take-over`, { key: other });
    expect(taken.json).toMatchObject({ body: '<p>Half a sen</p>', by: { name: 'key of Supervisor' } });
    expect((await save(id, taken.headers.etag)).json.reason).toBe('draft-of-other');
    // What was read before is another version; to take over one's own makes none.
    expect((await save(id, saved.headers.etag, {}, other)).json.reason).toBe('draft-changed');
    const again = await api.call('POST', `/api/v1/drafts/${id}/take-over`, { key: other });
    expect([again.status, again.headers.etag]).toEqual([200, taken.headers.etag]);
    expect((await save(id, `W/${taken.headers.etag}`, {}, other)).status).toBe(200);
  });

  it.each(['scheduled', 'sending', 'sent', 'unknown'] as const)(
    'is not changed any more once it is %s',
    async (state) => {
      const opened = await open(await anItem());
      const { id } = opened.json;
      await api.db.updateTable('answers').set({ state }).where('id', '=', id).execute();
      const path = `/api/v1/drafts/${id}`;
      for (const { json } of [
        await save(id, opened.headers.etag),
        await api.call('DELETE', path, { key: api.apiKeys.Agent }),
        await api.call('POST', `${path}/take-over`, { key: api.apiKeys.Supervisor }),
      ]) {
        expect(json).toMatchObject({ status: 409, reason: 'draft-not-editable' });
      }
    },
  );

  it('is discarded with its words and files, and then begun from the start', async () => {
    const itemId = await anItem();
    const opened = await open(itemId);
    const { id } = opened.json;
    await save(id, opened.headers.etag);
    await upload(id, 'a.pdf', Buffer.from('a'));
    expect((await api.call('DELETE', `/api/v1/drafts/${id}`, { key: api.apiKeys.Agent })).status).toBe(204);
    expect((await read(id)).json.reason).toBe('no-such-draft');
    const row = await api.db.selectFrom('answers').selectAll().where('id', '=', id).executeTakeFirst();
    expect(row).toMatchObject({ state: 'discarded', body: '', subject: '', recipients: { to: [], cc: [], bcc: [] } });
    const files = await api.db.selectFrom('answerAttachments').select('id').where('answerId', '=', id).execute();
    expect(files).toEqual([]);
    expect((await open(itemId)).json.id).not.toBe(id);
  });

  it('begins with the signatures of the person and the mailbox', async () => {
    const path = `/api/v1/email/accounts/${accountId}/signature`;
    await api.call('PUT', '/api/v1/me/signature', {
      key: api.apiKeys.Agent,
      body: { html: '<p>Ada<script>x</script></p>' },
    });
    expect((await api.call('PUT', path, { key: api.apiKeys.Agent, body: { html: 'x' } })).status).toBe(403);
    await api.call('PUT', path, { key: api.apiKeys.Supervisor, body: { html: '<p>Contoso</p>' } });
    expect((await open(await anItem())).json.body).toBe(
      '<p></p><div class="mailroom-signature"><p>Ada</p><p>Contoso</p></div>',
    );
    await api.call('PUT', '/api/v1/me/signature', { key: api.apiKeys.Agent, body: { html: '' } });
    await api.call('PUT', path, { body: { html: '' } });
    expect((await open(await anItem())).json.body).toBe('');
  });
});

describe('an attachment of a draft', () => {
  it('comes back byte for byte, with a safe name, also JSON, also of several parts, and also one of 0 bytes', async () => {
    const { id } = (await open(await anItem())).json;
    const large = Buffer.alloc(2_500_000, 'part ');
    const files = [
      { name: '../../a\u202efdp.exe', payload: large, type: 'application/octet-stream', shown: 'afdp.exe' },
      { name: 'data.json', payload: Buffer.from('{"a":1,"a":2}'), type: 'application/json', shown: 'data.json' },
      { name: 'CON.txt', payload: Buffer.alloc(0), type: 'text/plain', shown: '_CON.txt' },
    ];
    for (const { name, payload, type, shown } of files) {
      const added = await upload(id, name, payload, type);
      expect(added.json()).toMatchObject({ name: shown, size: payload.length, isInline: false });
      const found = await api.app.inject({
        url: `/api/v1/drafts/${id}/attachments/${added.json().id}`,
        headers: { authorization: `Bearer ${api.apiKeys.Agent}` },
      });
      expect(found.rawPayload.equals(payload)).toBe(true);
      expect(found.headers).toMatchObject({
        'content-disposition': expect.stringContaining('attachment'),
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.stringContaining('sandbox'),
      });
    }
    expect((await read(id)).json.attachments).toHaveLength(3);
    const parts = await api.db.selectFrom('answerAttachmentParts').select('data').execute();
    expect(parts.some(({ data }) => data.includes('part part'))).toBe(false);
  });

  it('is named in the text by its address while it is written, and by its content id where it is sent', async () => {
    const opened = await open(await anItem());
    const { id } = opened.json;
    const picture = (await upload(id, 'a.png', Buffer.from('png'), 'image/png', '&inline=true')).json();
    const body = `<img src="/api/v1/drafts/${id}/attachments/${picture.id}" alt="a">`;
    expect((await save(id, opened.headers.etag, { body })).json.body).toBe(
      `<img src="cid:${picture.contentId}" alt="a" />`,
    );
  });

  it('is refused beyond 150 MB in all, and leaves nothing behind', async () => {
    const { id } = (await open(await anItem())).json;
    await api.db
      .insertInto('answerAttachments')
      .values({ answerId: id, name: 'a', contentType: 'a/b', size: 150 * 1_024 * 1_024 - 10, isComplete: true })
      .execute();
    expect((await upload(id, 'b', Buffer.alloc(11))).json()).toMatchObject({
      status: 413,
      reason: 'attachments-too-large',
    });
    const announced = await api.app.inject({
      method: 'POST',
      url: `/api/v1/drafts/${id}/attachments?name=b`,
      headers: { authorization: `Bearer ${api.apiKeys.Agent}`, 'content-type': 'a/b', 'content-length': '11' },
      payload: new Readable({ read() {} }),
    });
    expect(announced.statusCode).toBe(413);
    expect((await upload(id, 'b', Buffer.alloc(10))).statusCode).toBe(201);
    const { count } = await api.db
      .selectFrom('answerAttachments')
      .select((select) => select.fn.countAll<number>().as('count'))
      .where('answerId', '=', id)
      .executeTakeFirstOrThrow();
    expect(Number(count)).toBe(2);
  });

  it('is one of 250 at most, as Exchange takes', async () => {
    const { id } = (await open(await anItem())).json;
    const file = { answerId: id, name: 'a', contentType: 'a/b', size: 1, isComplete: true };
    await api.db
      .insertInto('answerAttachments')
      .values(Array.from({ length: 249 }, () => file))
      .execute();
    expect((await upload(id, 'b', Buffer.alloc(0))).statusCode).toBe(201);
    expect((await upload(id, 'b', Buffer.alloc(0))).json()).toMatchObject({
      status: 409,
      reason: 'too-many-attachments',
    });
  });

  it('is deleted a day after its upload was abandoned', async () => {
    const { id } = (await open(await anItem())).json;
    const { id: whole } = (await upload(id, 'whole', Buffer.from('a'))).json();
    const part = { answerId: id, name: 'part', contentType: 'a/b' };
    await api.db.insertInto('answerAttachments').values([part, part]).execute();
    await sweepUploads(api.db);
    const ofDraft = () => api.db.selectFrom('answerAttachments').select('id').where('answerId', '=', id).execute();
    expect(await ofDraft()).toHaveLength(3);
    await api.db
      .updateTable('answerAttachments')
      .set({ createdAt: new Date(0) })
      .where('answerId', '=', id)
      .execute();
    await sweepUploads(api.db);
    expect(await ofDraft()).toEqual([{ id: whole }]);
  });

  it('is with the sent mail once the answer is sent, and says so', async () => {
    const { id } = (await open(await anItem())).json;
    const { id: attachmentId } = (await upload(id, 'a', Buffer.from('a'))).json();
    await api.db.updateTable('answers').set({ state: 'sent' }).where('id', '=', id).execute();
    const path = `/api/v1/drafts/${id}/attachments/${attachmentId}`;
    expect((await api.call('GET', path, { key: api.apiKeys.Agent })).json).toMatchObject({
      status: 410,
      reason: 'attachment-sent',
    });
  });

  it('is removed, by the author of the draft alone', async () => {
    const { id } = (await open(await anItem())).json;
    const { id: attachmentId } = (await upload(id, 'a', Buffer.from('a'))).json();
    const path = `/api/v1/drafts/${id}/attachments/${attachmentId}`;
    expect((await api.call('DELETE', path, { key: api.apiKeys.Supervisor })).json.reason).toBe('draft-of-other');
    expect((await api.call('DELETE', path, { key: api.apiKeys.Agent })).status).toBe(204);
    expect((await read(id)).json.attachments).toEqual([]);
  });
});

describe('canned answers', () => {
  it('are written by supervisors, and filled for an item, with what has no value named', async () => {
    const html = '<p>Dear {{customer.name}}, {{ subject }} {{order.number}} {{agent.name}}</p>';
    const body = { name: 'Thanks', html };
    expect((await api.call('POST', '/api/v1/canned-answers', { key: api.apiKeys.Agent, body })).status).toBe(403);
    const added = await api.call('POST', '/api/v1/canned-answers', { key: api.apiKeys.Supervisor, body });
    expect(added.status).toBe(201);
    const again = await api.call('POST', '/api/v1/canned-answers', { body: { name: 'thanks', html: 'x' } });
    expect(again.json).toMatchObject({ status: 409, reason: 'canned-answer-name-taken' });
    const itemId = await anItem({ from: { name: 'Ada <b>', address: 'ada@example.org' }, subject: 'A & B' });
    const { cannedAnswers } = (
      await api.call('GET', `/api/v1/canned-answers?item=${itemId}`, { key: api.apiKeys.Agent })
    ).json;
    expect(cannedAnswers[0].filled).toEqual({
      html: '<p>Dear Ada &lt;b&gt;, A &amp; B {{order.number}} key of Agent</p>',
      missing: ['order.number'],
    });
    const path = `/api/v1/canned-answers/${added.json.id}`;
    expect((await api.call('PUT', path, { body: { name: 'Danke', html: '<p>Danke</p>' } })).json.name).toBe('Danke');
    expect((await api.call('DELETE', path)).status).toBe(204);
    expect((await api.call('DELETE', path)).json.reason).toBe('no-such-canned-answer');
  });
});

it('nothing of an answer is found under ids that do not exist', async () => {
  expect((await open(randomUUID())).json.reason).toBe('no-such-item');
  expect((await read(randomUUID())).json.reason).toBe('no-such-draft');
  expect((await api.call('GET', `/api/v1/answers/${randomUUID()}`)).json.reason).toBe('no-such-answer');
});
