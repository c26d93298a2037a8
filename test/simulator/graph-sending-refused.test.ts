import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { ADDRESS, type GraphReply, type RunningGraph, startGraph } from './start-graph.ts';

const TEAM = 'team@contoso.example';
const CUSTOMER = 'ann@fabrikam.example';
const SCOPE = 'User.Read Mail.ReadWrite Mail.Send Mail.ReadWrite.Shared Mail.Send.Shared';

describe('Sending', () => {
  let running: RunningGraph;
  let token: string;
  beforeEach(async () => {
    running = await startGraph();
    token = await running.tokenFor(ADDRESS, { scope: SCOPE });
    await running.control('POST', '/mailboxes', { address: CUSTOMER });
  });
  afterEach(() => running.close());

  const refusal = ({ status, body }: GraphReply) => [status, body.error?.code];
  const to = (...addresses: string[]) => addresses.map((address) => ({ emailAddress: { address } }));
  const aMail = (more: object = {}) => ({ subject: 'Hello', toRecipients: to(CUSTOMER), ...more });
  const send = (more: object = {}, options: object = {}) =>
    running.graph('POST', '/me/sendMail', { token, body: { message: aMail(more) }, ...options });
  const count = async (folder: string, address = ADDRESS) => {
    const { folders } = await running.control('GET', `/mailboxes/${address}/folders`);
    return folders.find((each: { wellKnownName: string }) => each.wellKnownName === folder).messages;
  };

  it('takes the scope for it, and reading takes no more than before', async () => {
    const reader = await running.tokenFor(ADDRESS, { scope: 'Mail.ReadWrite' });
    expect(refusal(await send({}, { token: reader }))).toEqual([403, 'ErrorAccessDenied']);
    const sender = await running.tokenFor(ADDRESS, { scope: 'Mail.Send' });
    expect(refusal(await send({}, { token: sender }))).toEqual([202, undefined]);
    expect(refusal(await running.graph('POST', '/me/messages', { token: sender, body: aMail() }))).toEqual([
      403,
      'ErrorAccessDenied',
    ]);
  });

  it('from a shared mailbox is as it, on its behalf or refused, by the right of the person', async () => {
    await running.control('PUT', `/mailboxes/${TEAM}/delegates/${ADDRESS}`);
    const fromTeam = async () => {
      const draft = await running.graph('POST', `/users/${TEAM}/messages`, { token, body: aMail() });
      const sent = await running.graph('POST', `/users/${TEAM}/messages/${draft.body.id}/send`, { token });
      return refusal(sent);
    };
    const newest = async () => {
      const { mails } = await running.control('GET', '/outbox');
      return [mails[0].from.address, mails[0].sender.address];
    };
    expect([await fromTeam(), await newest()]).toEqual([
      [202, undefined],
      [TEAM, TEAM],
    ]);
    expect(await count('sentitems', TEAM)).toBe(1);
    await running.control('PUT', `/mailboxes/${TEAM}/senders/${ADDRESS}`, { right: 'on-behalf' });
    expect([await fromTeam(), await newest()]).toEqual([
      [202, undefined],
      [TEAM, ADDRESS],
    ]);
    await running.control('PUT', `/mailboxes/${TEAM}/senders/${ADDRESS}`, { right: 'none' });
    expect(await fromTeam()).toEqual([403, 'ErrorSendAsDenied']);
    expect(refusal(await send({ from: to(TEAM)[0] }))).toEqual([403, 'ErrorSendAsDenied']);
    expect(refusal(await send({ from: to('nobody@contoso.example')[0] }))).toEqual([403, 'ErrorSendAsDenied']);
    expect(await count('drafts', TEAM)).toBe(1);
  });

  it('wants recipients, each an address, and not too many', async () => {
    const many = Array.from({ length: 501 }, (_, n) => `r${n}@example.com`);
    expect(refusal(await send({ toRecipients: [] }))).toEqual([400, 'ErrorInvalidRecipients']);
    for (const address of ['not an address', 'a@', '@b.example', 'a@b@c.example', '']) {
      const recipients = [{ emailAddress: { name: 'X', address } }];
      expect(refusal(await send({ toRecipients: recipients })), address).toEqual([400, 'ErrorInvalidRecipients']);
    }
    expect(refusal(await send({ toRecipients: to(...many) }))).toEqual([400, 'ErrorExceededMaxRecipientLimit']);
    expect(refusal(await send({ bccRecipients: to(...many.slice(2)) }))).toEqual([202, undefined]);
    await running.control('PUT', '/limits', { recipientsPerDay: 510, messageBytes: 10_000 });
    expect(refusal(await send({ ccRecipients: to(...many.slice(0, 20)) }))).toEqual([403, 'ErrorExceededMessageLimit']);
    const body = { contentType: 'text', content: 'x'.repeat(20_000) };
    expect(refusal(await send({ body }))).toEqual([413, 'ErrorMessageSizeExceeded']);
    expect(await count('drafts')).toBe(0);
  });

  it('takes headers of one’s own only, and others as properties or by MIME', async () => {
    const headers = (...names: string[]) => ({ internetMessageHeaders: names.map((name) => ({ name, value: 'v' })) });
    expect(refusal(await send(headers('Auto-Submitted')))).toEqual([400, 'InvalidInternetMessageHeader']);
    expect(refusal(await send(headers('x-1', 'x-2', 'x-3', 'x-4', 'x-5', 'x-6')))).toEqual([
      400,
      'InvalidInternetMessageHeaderCollection',
    ]);
    const id = 'String {00020386-0000-0000-C000-000000000046} Name Auto-Submitted';
    await send({ ...headers('x-one'), singleValueExtendedProperties: [{ id, value: 'auto-replied' }] });
    const raw = `To: ${CUSTOMER}\r\nBcc: hidden@example.com\r\nSubject: Raw\r\nAuto-Submitted: auto-generated\r\n\r\nText`;
    const mime = await fetch(`${running.url}/v1.0/me/sendMail`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: Buffer.from(raw).toString('base64'),
    });
    expect(mime.status).toBe(202);
    const { mails } = await running.control('GET', '/outbox');
    expect(mails[0].recipients).toEqual([CUSTOMER, 'hidden@example.com']);
    const texts = await Promise.all(
      mails.map(async (mail: { id: number }) => (await fetch(`${running.url}/control/outbox/${mail.id}`)).text()),
    );
    expect(texts[0]).toMatch(/^From: sales@contoso\.example\r\nDate: .*\r\nMessage-ID: </);
    expect(texts[0]).toContain('Auto-Submitted: auto-generated');
    expect(texts[0]).not.toContain('hidden');
    expect(texts[1]).toContain('Auto-Submitted: auto-replied');
    expect(texts[1]).toMatch(/X-One: v/i);
    const broken = await fetch(`${running.url}/v1.0/me/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body: '%%%',
    });
    expect([broken.status, ((await broken.json()) as GraphReply['body']).error.code]).toEqual([
      400,
      'ErrorMimeContentInvalidBase64String',
    ]);
  });

  it('changes no mail that was sent or received, and sends no draft twice', async () => {
    const draft = await running.graph('POST', '/me/messages', { token, prefer: 'IdType="ImmutableId"', body: aMail() });
    const path = `/me/messages/${draft.body.id}`;
    const both = await Promise.all([1, 2].map(() => running.graph('POST', `${path}/send`, { token })));
    expect(both.map(refusal).sort()).toEqual([
      [202, undefined],
      [404, 'ErrorItemNotFound'],
    ]);
    expect(refusal(await running.graph('POST', `${path}/send`, { token }))).toEqual([404, 'ErrorItemNotFound']);
    expect(refusal(await running.graph('PATCH', path, { token, body: { subject: 'Other' } }))).toEqual([
      400,
      'ErrorInvalidPropertySet',
    ]);
    expect(refusal(await running.graph('PATCH', path, { token, body: { categories: ['Blue'] } }))).toEqual([
      200,
      undefined,
    ]);
    expect(await count('inbox', CUSTOMER)).toBe(1);
  });

  it('brings back a report for an address that takes nothing, and delivers to the others', async () => {
    await running.control('PUT', '/undeliverable/@gone.example', { status: '5.1.10', diagnostic: '550 5.1.10 gone' });
    await send({ ccRecipients: to('old@gone.example') });
    const { body } = await running.graph('GET', '/me/mailFolders/inbox/messages?$expand=attachments', { token });
    expect(body.value).toMatchObject([
      {
        subject: 'Undeliverable: Hello',
        from: { emailAddress: { name: 'Microsoft Outlook' } },
        bodyPreview: expect.stringContaining('old@gone.example'),
      },
    ]);
    const mime = await running.graph('GET', `/me/messages/${body.value[0].id}/$value`, { token });
    expect(mime.bytes.toString()).toMatch(/Return-Path: <>[\s\S]*report-type=delivery-status[\s\S]*Status: 5\.1\.10/);
    expect(await count('inbox', CUSTOMER)).toBe(1);
  });

  it('does by faults what it must never do', async () => {
    const fault = (kind: string, more: object = {}) => running.control('POST', '/faults', { kind, count: 1, ...more });
    await fault('lost-answer', { endpoint: 'sendMail' });
    await expect(send()).rejects.toThrow('fetch failed');
    await fault('failed-answer', { endpoint: 'sendMail' });
    expect(refusal(await send())).toEqual([500, 'ErrorInternalServerError']);
    await fault('unavailable', { endpoint: 'sendMail' });
    expect((await send()).status).toBe(503);
    expect(await count('inbox', CUSTOMER)).toBe(2);
    await fault('duplicate-send');
    await send();
    expect(await count('inbox', CUSTOMER)).toBe(4);
    await fault('send-refused', { error: 'ErrorSubmissionQuotaExceeded' });
    expect(refusal(await send())).toEqual([403, 'ErrorSubmissionQuotaExceeded']);
    await fault('quota');
    expect(refusal(await send())).toEqual([403, 'ErrorQuotaExceeded']);
    await fault('lost-send');
    expect((await send()).status).toBe(202);
    expect([await count('drafts'), await count('inbox', CUSTOMER)]).toEqual([1, 4]);
    await fault('late-send', { delayMs: 300 });
    await send();
    expect([await count('drafts'), await count('inbox', CUSTOMER)]).toEqual([2, 4]);
    await eventually(async () => expect([await count('drafts'), await count('inbox', CUSTOMER)]).toEqual([1, 5]));
    await running.control('PUT', '/limits', { sendsPerMinute: 1 });
    await send();
    expect(await count('inbox', CUSTOMER)).toBe(5);
    expect((await running.control('GET', '/outbox')).mails[0]).toMatchObject({ sentDateTime: null });
  });
});
