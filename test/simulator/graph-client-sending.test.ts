import { randomBytes } from 'node:crypto';
import { Client, FileUpload, LargeFileUploadTask } from '@microsoft/microsoft-graph-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';

const CUSTOMER = 'ann@fabrikam.example';
const MARKER = 'String {9a3b1c52-5f2b-4b1e-9a6f-0d6f2f2c7c11} Name Answer';

describe('Microsoft’s own client', () => {
  let running: RunningGraph;
  let client: Client;
  beforeAll(async () => {
    running = await startGraph();
    await running.control('POST', '/mailboxes', { address: CUSTOMER });
    const token = await running.tokenFor(ADDRESS, { scope: 'Mail.ReadWrite Mail.Send' });
    // Its own authentication adds no token to plain http, nor to a host that is not Graph's.
    client = Client.initWithMiddleware({
      baseUrl: `${running.url}/`,
      defaultVersion: 'v1.0',
      middleware: {
        async execute(context) {
          const headers = new Headers(context.options?.headers as Record<string, string>);
          // The client takes whole links with https only; the simulator here speaks http.
          const url = String(context.request).replace(/^https:/, 'http:');
          if (!url.includes('authtoken=')) headers.set('authorization', `Bearer ${token}`);
          context.response = await fetch(url, { ...(context.options as RequestInit), headers });
        },
      },
    });
  });
  afterAll(() => running.close());

  it('answers with a marker and 5 MB, and finds what was sent by the marker', async () => {
    const { immutableId } = await running.deliver({ subject: 'Plan?', from: `Ann <${CUSTOMER}>`, text: 'Please' });
    const immutable = { Prefer: 'IdType="ImmutableId"' };
    const draft = await client
      .api(`/me/messages/${immutableId}/createReply`)
      .headers(immutable)
      .post({ message: { singleValueExtendedProperties: [{ id: MARKER, value: '42' }] } });
    const bytes = randomBytes(5 * 1024 * 1024 + 17);
    const session = await LargeFileUploadTask.createUploadSession(
      client,
      `/me/messages/${draft.id}/attachments/createUploadSession`,
      { AttachmentItem: { attachmentType: 'file', name: 'plan.pdf', size: bytes.length } },
    );
    const file = new FileUpload(new Uint8Array(bytes).buffer, 'plan.pdf', bytes.length);
    const https = { ...session, url: session.url.replace(/^http:/, 'https:') };
    const task = new LargeFileUploadTask(client, file, https, { rangeSize: 4 * 320 * 1024 });
    const uploaded = await task.upload();
    expect(uploaded.location).toMatch(/\/Attachments\('[^']+'\)$/);
    await client.api(`/me/messages/${draft.id}/send`).post(null);

    const sent = await client
      .api('/me/mailFolders/sentitems/messages')
      .headers(immutable)
      .filter(`singleValueExtendedProperties/Any(ep: ep/id eq '${MARKER}' and ep/value eq '42')`)
      .expand(`singleValueExtendedProperties($filter=id eq '${MARKER}')`)
      .get();
    expect(sent.value).toMatchObject([
      {
        id: draft.id,
        isDraft: false,
        hasAttachments: true,
        singleValueExtendedProperties: [{ id: MARKER, value: '42' }],
      },
    ]);
    const [attachment] = (await client.api(`/me/messages/${draft.id}/attachments`).get()).value;
    expect(Buffer.from(attachment.contentBytes, 'base64').equals(bytes)).toBe(true);
    const { mails } = await running.control('GET', '/outbox');
    expect(mails).toMatchObject([{ deliveredTo: [CUSTOMER] }]);
  });

  it('sends in one request, with an attachment, and reads why it was refused', async () => {
    const mail = (address: string) => ({
      message: {
        subject: 'Offer',
        body: { contentType: 'HTML', content: '<p>See <b>below</b></p>' },
        toRecipients: [{ emailAddress: { address } }],
        attachments: [
          {
            '@odata.type': '#microsoft.graph.fileAttachment',
            name: 'a.txt',
            contentBytes: Buffer.from('a').toString('base64'),
          },
        ],
      },
      saveToSentItems: false,
    });
    await client.api('/me/sendMail').post(mail(CUSTOMER));
    await expect(client.api('/me/sendMail').post(mail('nowhere'))).rejects.toMatchObject({
      statusCode: 400,
      code: 'ErrorInvalidRecipients',
    });
    const arrived = await running.graph('GET', "/me/messages?$filter=subject eq 'Offer'", {
      token: await running.tokenFor(CUSTOMER),
    });
    expect(arrived.body.value).toMatchObject([{ hasAttachments: true, bodyPreview: 'See below' }]);
    expect((await client.api('/me/mailFolders/sentitems/messages').filter("subject eq 'Offer'").get()).value).toEqual(
      [],
    );
  });
});
