import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageProblems, readSample, schemaProblems } from './graph-schema.ts';
import { ADDRESS, type Delivered, type RunningGraph, startGraph, walkDelta } from './start-graph.ts';

const mail = (name: string) => readFileSync(new URL(`../mail/${name}.eml`, import.meta.url));

describe('The shapes of Graph', () => {
  let running: RunningGraph;
  let plain: Delivered;
  let bounce: Delivered;
  beforeAll(async () => {
    running = await startGraph();
    await running.control('POST', '/mailboxes', { address: ADDRESS, displayName: 'Sales Desk' });
    plain = await running.deliver({ subject: 'A plain one', text: 'First line\nSecond line' });
    bounce = await running.deliver(mail('sisimai--bsd-rhost-gsuite-10'));
  });
  afterAll(() => running.close());

  const keys = (body: object) => Object.keys(body).sort();

  it('gives a message exactly the properties that a recorded one has', async () => {
    const { body } = await running.graph('GET', `/me/messages/${plain.id}`);
    const recorded = { '@odata.context': '', ...readSample('messages-list-real.json').value[0], '@odata.etag': '' };
    expect(keys(body)).toEqual(keys(recorded));
    expect(messageProblems(body)).toEqual([]);
    expect(body['@odata.etag']).toBe(`W/"${body.changeKey}"`);
  });

  it('writes ids, change keys and conversation ids of the recorded lengths', async () => {
    const { body } = await running.graph('GET', `/me/messages/${plain.id}`);
    const recorded = readSample('message-with-file-attachments.json');
    for (const name of ['id', 'changeKey', 'conversationId', 'conversationIndex']) {
      expect(body[name], name).toHaveLength(recorded[name].length);
    }
    expect(body.parentFolderId).toHaveLength(120);
    expect(body.id.slice(0, 4)).toBe('AAMk');
    expect(plain.immutableId).toMatch(/^AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A/);
    expect(plain.immutableId).toHaveLength(68);
  });

  it('ends the conversation id and its index with the same 16 bytes', async () => {
    const { body } = await running.graph('GET', `/me/messages/${plain.id}`);
    const id = Buffer.from(body.conversationId.replaceAll('-', '/').replaceAll('_', '+'), 'base64');
    const index = Buffer.from(body.conversationIndex, 'base64');
    expect(index.subarray(6)).toEqual(id.subarray(-16));
    const startedMs = Number((BigInt(index.readUIntBE(1, 5)) << 24n) / 10_000n) - 11_644_473_600_000;
    expect(Math.abs(startedMs - Date.parse(body.sentDateTime))).toBeLessThan(5_000);
  });

  it('wants headers and unique body to be asked for', async () => {
    const { body: all } = await running.graph('GET', `/me/messages/${plain.id}`);
    expect(all).not.toHaveProperty('internetMessageHeaders');
    const path = `/me/messages/${plain.id}?$select=internetMessageHeaders`;
    const { body } = await running.graph('GET', path);
    expect(keys(body)).toEqual(keys(readSample('message-get-headers-only.json')));
    expect(body['@odata.context']).toMatch(/messages\(internetMessageHeaders\)\/\$entity$/);
    expect(body.internetMessageHeaders).toContainEqual({ name: 'Subject', value: 'A plain one' });
    const { body: unique } = await running.graph('GET', `/me/messages/${plain.id}?$select=uniqueBody`);
    expect(unique.uniqueBody.contentType).toBe('html');
  });

  it('turns the body into what is preferred, and says so', async () => {
    const get = (prefer?: string) =>
      running.graph('GET', `/me/messages/${plain.id}?$select=body`, prefer === undefined ? {} : { prefer });
    const text = await get('outlook.body-content-type="text"');
    expect(text.body.body).toEqual({ contentType: 'text', content: 'First line\r\nSecond line' });
    expect(text.headers.get('preference-applied')).toBe('outlook.body-content-type=text');
    const html = await get();
    expect(html.body.body.contentType).toBe('html');
    expect(html.body.body.content).toContain('First line<br>\r\nSecond line');
    expect(html.headers.get('preference-applied')).toBeNull();
  });

  it('hides attachments until they are asked for, and gives each its own type', async () => {
    const { body } = await running.graph('GET', `/me/messages/${bounce.id}?$expand=attachments`);
    expect(body.hasAttachments).toBe(true);
    expect(messageProblems(body)).toEqual([]);
    const types = body.attachments.map((each: Record<string, unknown>) => [each['@odata.type'], each.isInline]);
    expect(types).toContainEqual(['#microsoft.graph.fileAttachment', true]);
    expect(types).toContainEqual(['#microsoft.graph.itemAttachment', false]);
    const file = body.attachments.find((each: { contentId?: string }) => each.contentId);
    const recorded = readSample('message-with-file-attachments.json').attachments[0];
    expect(keys(file)).toEqual(keys(recorded));
    expect(file.id).toHaveLength(recorded.id.length);
  });

  it('opens an attached message on request, with an empty id, and gives its MIME', async () => {
    const { body: list } = await running.graph('GET', `/me/messages/${bounce.id}/attachments?$select=name,size`);
    const item = list.value.find((each: Record<string, string>) => each['@odata.type']?.endsWith('itemAttachment'));
    expect(keys(item)).toEqual(['@odata.type', 'id', 'name', 'size']);
    const path = `/me/messages/${bounce.id}/attachments/${item.id}`;
    const { body: closed } = await running.graph('GET', path);
    const recordedClosed = readSample('attachment-item-plain.json');
    expect(keys(closed)).toEqual(keys(recordedClosed));
    const { body: open } = await running.graph('GET', `${path}?$expand=microsoft.graph.itemattachment/item`);
    expect(open.item.id).toBe('');
    expect(open.item.subject).toBe(open.name);
    expect(messageProblems(open)).toEqual([]);
    const { bytes, headers } = await running.graph('GET', `${path}/$value`);
    expect(headers.get('content-type')).toBe('text/plain');
    expect(mail('sisimai--bsd-rhost-gsuite-10').includes(bytes.subarray(0, 200))).toBe(true);
  });

  it('gives the bytes of a file, and its content id only through the cast', async () => {
    const base = `/me/messages/${bounce.id}/attachments`;
    const { body } = await running.graph('GET', `${base}?$select=id,microsoft.graph.fileAttachment/contentId`);
    const file = body.value.find((each: { contentId?: string }) => each.contentId);
    const { body: whole } = await running.graph('GET', `${base}/${file.id}`);
    const { bytes, headers } = await running.graph('GET', `${base}/${file.id}/$value`);
    expect(bytes.toString('base64')).toBe(whole.contentBytes);
    expect(headers.get('content-type')).toBe(whole.contentType);
    expect(whole.size).toBeGreaterThan(bytes.length);
    const refused = await running.graph('GET', `${base}?$select=contentId`);
    expect(refused.status).toBe(400);
  });

  it('shows a meeting request as eventMessageRequest', async () => {
    const ics = [
      ...['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'BEGIN:VEVENT', 'DTSTART;TZID=Europe/Berlin:20260701T090000'],
      ...['DTEND;TZID=Europe/Berlin:20260701T100000', 'LOCATION:Room 1\\, Berlin', 'END:VEVENT', 'END:VCALENDAR', ''],
    ];
    const raw = [
      ...[
        'From: a@example.com',
        'Subject: Meet',
        'MIME-Version: 1.0',
        'Content-Type: multipart/alternative; boundary=x',
        '',
      ],
      ...['--x', 'Content-Type: text/plain', '', 'Please come', '--x'],
      ...['Content-Type: text/calendar; method=REQUEST', '', ...ics, '--x--', ''],
    ];
    const { id } = await running.deliver(Buffer.from(raw.join('\r\n')));
    const { body } = await running.graph('GET', `/me/messages/${id}`);
    const { '@odata.context': _, ...recorded } = readSample('message-eventmessagerequest.json');
    expect(keys(body).filter((key) => key !== '@odata.context')).toEqual(keys(recorded));
    expect(messageProblems(body)).toEqual([]);
    expect(body).toMatchObject({
      meetingMessageType: 'meetingRequest',
      hasAttachments: false,
      startDateTime: { dateTime: '2026-07-01T07:00:00.0000000', timeZone: 'UTC' },
      location: { displayName: 'Room 1, Berlin' },
    });
  });

  it('lists folders as recorded, by name and by id, in the root and below', async () => {
    const { body } = await running.graph('GET', '/me/mailFolders?$top=20');
    const recorded = readSample('mailfolders-list.json').value[0];
    expect(keys(body.value[0])).toEqual(keys(recorded));
    expect(body.value.flatMap((folder: unknown) => schemaProblems('mailFolder', folder))).toEqual([]);
    const names = body.value.map((folder: { displayName: string }) => folder.displayName);
    expect(names).toEqual(expect.arrayContaining(['Archive', 'Deleted Items', 'Inbox', 'Junk Email', 'Sent Items']));
    const inbox = body.value.find((folder: { displayName: string }) => folder.displayName === 'Inbox');
    expect((await running.graph('GET', '/me/mailFolders/INBOX')).body.id).toBe(inbox.id);
    expect((await running.graph('GET', `/me/mailFolders('${inbox.id}')`)).body.displayName).toBe('Inbox');
    const created = await running.graph('POST', '/me/mailFolders/inbox/childFolders', { body: { displayName: 'VIP' } });
    expect(created.status).toBe(201);
    expect((await running.graph('GET', '/me/mailFolders/inbox/childFolders')).body.value).toHaveLength(1);
    const again = await running.graph('POST', '/me/mailFolders/inbox/childFolders', { body: { displayName: 'vip' } });
    expect([again.status, again.body.error.code]).toEqual([409, 'ErrorFolderExists']);
  });

  it('lists the whole tree in the delta of folders, and then what changed', async () => {
    const first = await walkDelta(running, '/me/mailFolders/delta', { prefer: 'odata.maxpagesize=3' });
    const names = first.entries.map((folder) => folder.displayName);
    expect(names).toEqual(expect.arrayContaining(['VIP', 'Inbox']));
    expect(names).not.toContain('Top of Information Store');
    expect(first.entries.flatMap((folder) => schemaProblems('mailFolder', folder))).toEqual([]);
    const vip = first.entries.find((folder) => folder.displayName === 'VIP');
    await running.graph('DELETE', `/me/mailFolders/${vip.id}`);
    await running.deliver({ subject: 'One more' });
    const second = await walkDelta(running, first.deltaLink);
    expect(second.entries).toContainEqual(expect.objectContaining({ id: vip.id, '@removed': { reason: 'deleted' } }));
    const inbox = second.entries.find((folder) => folder.displayName === 'Inbox');
    expect(inbox.totalItemCount).toBe((await running.graph('GET', '/me/mailFolders/inbox')).body.totalItemCount);
    expect((await walkDelta(running, second.deltaLink)).entries).toEqual([]);
  });

  it('shows who is signed in, with proxy addresses only on request', async () => {
    const { body } = await running.graph('GET', '/me');
    expect(body).toMatchObject({ displayName: 'Sales Desk', mail: ADDRESS, userPrincipalName: ADDRESS });
    expect(body).not.toHaveProperty('proxyAddresses');
    const { body: selected } = await running.graph('GET', '/me?$select=id,proxyAddresses');
    expect(keys(selected)).toEqual(['@odata.context', 'id', 'proxyAddresses']);
    expect(selected.proxyAddresses).toEqual([`SMTP:${ADDRESS}`]);
  });

  it('answers a batch in any order, with what each step asked', async () => {
    const { status, body } = await running.graph('POST', '/$batch', {
      body: {
        requests: [
          { id: 'one', method: 'GET', url: `/me/messages/${plain.id}?$select=subject` },
          { id: 'mime', method: 'GET', url: `/me/messages/${plain.id}/$value` },
          { id: 'lost', method: 'GET', url: '/me/messages/nonsense' },
          { id: 'after', method: 'GET', url: '/me', dependsOn: ['lost'] },
        ],
      },
    });
    expect(status).toBe(200);
    const byId = Object.fromEntries(body.responses.map((step: { id: string }) => [step.id, step]));
    expect(byId.one).toMatchObject({ status: 200, body: { subject: 'A plain one' } });
    expect(Buffer.from(byId.mime.body, 'base64').toString()).toContain('Subject: A plain one');
    expect(byId.lost).toMatchObject({ status: 400, body: { error: { code: 'ErrorInvalidIdMalformed' } } });
    expect(byId.after.status).toBe(424);
  });

  it('sends the headers by which requests are found again', async () => {
    const id = '6f7c1c2e-0000-4000-8000-123456789abc';
    const { headers } = await running.graph('GET', '/me/messages', { headers: { 'client-request-id': id } });
    expect(headers.get('client-request-id')).toBe(id);
    expect(headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('date')).not.toBeNull();
    expect(headers.get('content-type')).toContain('odata.metadata=minimal');
  });
});
