import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { messageProblems } from './graph-schema.ts';
import {
  ADDRESS,
  type GraphReply,
  type RequestOptions,
  type RunningGraph,
  startGraph,
  walkDelta,
} from './start-graph.ts';

const CUSTOMER = 'ann@fabrikam.example';
const MARKER = 'String {9a3b1c52-5f2b-4b1e-9a6f-0d6f2f2c7c11} Name MailroomAnswer';
const SCOPE = 'User.Read Mail.ReadWrite Mail.Send Mail.ReadWrite.Shared Mail.Send.Shared';

describe('Answering a mail', () => {
  let running: RunningGraph;
  let token: string;
  beforeEach(async () => {
    running = await startGraph();
    token = await running.tokenFor(ADDRESS, { scope: SCOPE });
    await running.control('POST', '/mailboxes', { address: CUSTOMER });
  });
  afterEach(() => running.close());

  const as = (options: RequestOptions = {}): RequestOptions => ({ token, prefer: 'IdType="ImmutableId"', ...options });
  const post = (path: string, body?: unknown) => running.graph('POST', path, as(body === undefined ? {} : { body }));
  const get = async (path: string) => (await running.graph('GET', path, as())).body;
  const refusal = ({ status, body }: GraphReply) => [status, body.error?.code];
  const fromCustomer = (headers = '') =>
    running.deliver(
      Buffer.from(
        `From: Ann <${CUSTOMER}>\r\nTo: Sales <${ADDRESS}>, bob@example.com\r\nCc: cy@example.com\r\nSubject: AW: Broken\r\n` +
          `Message-ID: <q2@fabrikam.example>\r\nReferences: <q1@fabrikam.example>\r\n${headers}` +
          'Content-Type: text/html; charset=utf-8\r\n\r\n<p>It is <b>broken</b>.</p>\r\n',
      ),
    );

  it('goes from createReply by PATCH and send to Sent Items and to the customer, in one thread', async () => {
    const { immutableId } = await fromCustomer();
    const original = await get(`/me/messages/${immutableId}`);
    const draft = await post(`/me/messages/${immutableId}/createReply`, {
      message: { singleValueExtendedProperties: [{ id: MARKER, value: 'answer-1' }] },
    });
    expect(draft.status).toBe(201);
    expect(messageProblems(draft.body)).toEqual([]);
    expect(draft.body).toMatchObject({
      isDraft: true,
      isRead: true,
      subject: 'RE: Broken',
      toRecipients: [{ emailAddress: { name: 'Ann', address: CUSTOMER } }],
      ccRecipients: [],
      conversationId: original.conversationId,
      parentFolderId: (await get('/me/mailFolders/drafts')).id,
      internetMessageId: expect.stringMatching(/^<[0-9A-F]{32}@/),
    });
    expect(draft.body.conversationIndex.slice(0, 29)).toBe(original.conversationIndex.slice(0, 29));
    expect(draft.body.body.content).toContain('<b>From:</b> Ann &lt;ann@fabrikam.example&gt;');
    expect(draft.body.body.content).toContain('It is <b>broken</b>.');

    const path = `/me/messages/${draft.body.id}`;
    const content = draft.body.body.content.replace('<body>', '<body><p>We mend it.</p>');
    const changed = await running.graph('PATCH', path, as({ body: { body: { contentType: 'HTML', content } } }));
    expect(changed.body).toMatchObject({ bodyPreview: expect.stringMatching(/^We mend it\./), isDraft: true });
    const sent = await post(`${path}/send`);
    expect([sent.status, sent.bytes.length]).toEqual([202, 0]);

    expect(await get(path)).toMatchObject({
      id: draft.body.id,
      isDraft: false,
      internetMessageId: draft.body.internetMessageId,
      parentFolderId: (await get('/me/mailFolders/sentitems')).id,
      from: { emailAddress: { address: ADDRESS } },
      sender: { emailAddress: { address: ADDRESS } },
    });
    expect(await get('/me/mailFolders/drafts')).toMatchObject({ totalItemCount: 0 });
    const filter = `singleValueExtendedProperties/any(ep: ep/id eq '${MARKER}' and ep/value eq 'answer-1')`;
    const expand = `singleValueExtendedProperties($filter=id eq '${MARKER.toUpperCase().replace('STRING', 'String')}')`;
    const query = `$filter=${encodeURIComponent(filter)}&$expand=${encodeURIComponent(expand)}&$select=id`;
    expect((await get(`/me/mailFolders/sentitems/messages?${query}`)).value).toEqual([
      {
        '@odata.etag': expect.any(String),
        id: draft.body.id,
        singleValueExtendedProperties: [{ id: MARKER, value: 'answer-1' }],
      },
    ]);

    const customer = { token: await running.tokenFor(CUSTOMER) };
    const inbox = await running.graph(
      'GET',
      '/me/mailFolders/inbox/messages?$select=subject,internetMessageId,internetMessageHeaders,isDraft,isRead,body',
      customer,
    );
    const [arrived] = inbox.body.value;
    expect(inbox.body.value).toHaveLength(1);
    expect(arrived).toMatchObject({
      subject: 'RE: Broken',
      internetMessageId: draft.body.internetMessageId,
      isDraft: false,
      isRead: false,
    });
    expect(arrived.body.content).toContain('We mend it.');
    expect(arrived.internetMessageHeaders).toEqual(
      expect.arrayContaining([
        { name: 'In-Reply-To', value: '<q2@fabrikam.example>' },
        { name: 'References', value: '<q1@fabrikam.example> <q2@fabrikam.example>' },
        { name: 'Thread-Topic', value: 'Broken' },
      ]),
    );
    const { mails } = await running.control('GET', `/outbox?mailbox=${ADDRESS}`);
    expect(mails).toMatchObject([
      { messageId: draft.body.id, recipients: [CUSTOMER], deliveredTo: [CUSTOMER], sentDateTime: expect.any(String) },
    ]);
    const mime = await fetch(`${running.url}/control/outbox/${mails[0].id}`);
    expect((await mime.text()).replace(/\r\n /g, ' ')).toContain(`Message-ID: ${draft.body.internetMessageId}`);
  });

  it('to all leaves out the mailbox itself, honours Reply-To, and a forward takes the attachments along', async () => {
    const { immutableId } = await fromCustomer('Reply-To: Desk <desk@fabrikam.example>\r\n');
    const all = await post(`/me/messages/${immutableId}/createReplyAll`, { comment: 'One\nTwo <3' });
    const addresses = (list: { emailAddress: { address: string } }[]) =>
      list.map(({ emailAddress }) => emailAddress.address);
    expect(addresses(all.body.toRecipients)).toEqual(['desk@fabrikam.example', 'bob@example.com']);
    expect(addresses(all.body.ccRecipients)).toEqual(['cy@example.com']);
    expect(all.body.body.content).toContain('One<br>Two &lt;3');
    const boundary = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nText\r\n';
    const file =
      '--b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1;2\r\n--b--\r\n';
    const withFile = await running.deliver(Buffer.from(`Subject: Files\r\nFrom: ${CUSTOMER}\r\n${boundary}${file}`));
    const forward = await post(`/me/messages/${withFile.immutableId}/createForward`, {
      Comment: 'See',
      ToRecipients: [{ emailAddress: { address: CUSTOMER } }],
    });
    expect(forward.body).toMatchObject({ subject: 'FW: Files', hasAttachments: true });
    await post(`/me/messages/${forward.body.id}/send`);
    const customer = { token: await running.tokenFor(CUSTOMER) };
    const { body } = await running.graph('GET', '/me/messages?$expand=attachments', customer);
    expect(body.value[0].attachments).toMatchObject([{ name: 'a.csv', contentType: 'text/csv' }]);
    expect(Buffer.from(body.value[0].attachments[0].contentBytes, 'base64').toString()).toBe('1;2');
  });

  it('is refused with both a comment and a body', async () => {
    const { immutableId } = await fromCustomer();
    const both = { comment: 'x', message: { body: { contentType: 'text', content: 'y' } } };
    for (const action of ['createReply', 'createReplyAll', 'createForward', 'reply', 'replyAll', 'forward']) {
      expect(refusal(await post(`/me/messages/${immutableId}/${action}`, both)), action).toEqual([400, 'BadRequest']);
    }
    expect((await get('/me/mailFolders/drafts')).totalItemCount).toBe(0);
  });

  it('in one step leaves nothing in Drafts, whether it is sent or refused', async () => {
    const { immutableId } = await fromCustomer();
    expect((await post(`/me/messages/${immutableId}/reply`, { comment: 'Yes' })).status).toBe(202);
    expect(refusal(await post(`/me/messages/${immutableId}/forward`, { comment: 'Yes' }))).toEqual([
      400,
      'ErrorInvalidRecipients',
    ]);
    expect((await get('/me/mailFolders/drafts')).totalItemCount).toBe(0);
    expect((await get('/me/mailFolders/sentitems/messages?$select=subject,bodyPreview')).value).toMatchObject([
      { subject: 'RE: Broken', bodyPreview: expect.stringMatching(/^Yes/) },
    ]);
  });

  it('leaves no copy where saveToSentItems is false, also in the quotes of Graph’s documentation, and takes no other text', async () => {
    const message = { subject: 'Once', toRecipients: [{ emailAddress: { address: CUSTOMER } }] };
    for (const saveToSentItems of [false, 'false']) {
      expect((await post('/me/sendMail', { message, saveToSentItems })).status).toBe(202);
    }
    expect((await get('/me/mailFolders/sentitems')).totalItemCount).toBe(0);
    expect((await post('/me/sendMail', { message, saveToSentItems: 'true' })).status).toBe(202);
    expect((await get('/me/mailFolders/sentitems')).totalItemCount).toBe(1);
    expect(refusal(await post('/me/sendMail', { message, saveToSentItems: 'no' }))).toEqual([400, 'RequestBodyRead']);
    expect((await get('/me/mailFolders/drafts')).totalItemCount).toBe(0);
  });

  it('appears in the delta of Drafts and of Sent Items, under one id', async () => {
    const delta = (folder: string) => `/me/mailFolders/${folder}/messages/delta?$select=subject,isDraft`;
    const walk = async (path: string) => {
      const { entries, deltaLink } = await walkDelta(running, path, as());
      return { deltaLink, told: entries.map((entry) => [entry.id, entry['@removed'] ? 'removed' : entry.isDraft]) };
    };
    const draft = await post('/me/messages', {
      subject: 'Hi',
      toRecipients: [{ emailAddress: { address: CUSTOMER } }],
    });
    const [drafts, sent] = [await walk(delta('drafts')), await walk(delta('sentitems'))];
    expect([drafts.told, sent.told]).toEqual([[[draft.body.id, true]], []]);
    await post(`/me/messages/${draft.body.id}/send`);
    expect((await walk(drafts.deltaLink)).told).toEqual([[draft.body.id, 'removed']]);
    expect((await walk(sent.deltaLink)).told).toEqual([[draft.body.id, false]]);
  });
});

describe('A mail that waits', () => {
  it('leaves once, also after a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-'));
    const databasePath = join(folder, 'simulator.db');
    const first = await startGraph({ databasePath });
    await first.control('POST', '/mailboxes', { address: CUSTOMER });
    await first.control('POST', '/faults', { kind: 'late-send', delayMs: 500, count: 1 });
    const message = { subject: 'Late', toRecipients: [{ emailAddress: { address: CUSTOMER } }] };
    const token = await first.tokenFor(ADDRESS, { scope: SCOPE });
    expect((await first.graph('POST', '/me/sendMail', { token, body: { message } })).status).toBe(202);
    await first.close();
    const second = await startGraph({ databasePath });
    try {
      const arrived = async () => (await second.control('GET', `/mailboxes/${CUSTOMER}/messages`)).messages.length;
      await eventually(async () => expect(await arrived()).toBe(1));
      const { mails } = await second.control('GET', '/outbox');
      expect(mails).toMatchObject([{ deliveredTo: [CUSTOMER], sentDateTime: expect.any(String) }]);
    } finally {
      await second.close();
      await rm(folder, { recursive: true });
    }
  });
});
