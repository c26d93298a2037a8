import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADDRESS, type RunningGraph, startGraph } from './start-graph.ts';

describe('The control API', () => {
  let running: RunningGraph;
  beforeAll(async () => {
    running = await startGraph();
  });
  afterAll(() => running.close());

  const post = (path: string, body: string | Buffer, headers: Record<string, string>) =>
    fetch(`${running.url}/control${path}`, { method: 'POST', headers, body });
  const messages = `/mailboxes/${ADDRESS}/messages`;

  it('makes a mailbox on first use, and names it', async () => {
    const made = await running.control('POST', '/mailboxes', { address: 'Desk@Contoso.example', displayName: 'Desk' });
    expect(made).toMatchObject({ address: 'desk@contoso.example', displayName: 'Desk' });
    const again = await running.control('POST', '/mailboxes', {
      address: 'desk@contoso.example',
      displayName: 'Help Desk',
    });
    expect(again).toMatchObject({ id: made.id, displayName: 'Help Desk' });
    await expect(running.control('POST', '/mailboxes', { address: 'no address' })).rejects.toThrow('400');
    const { mailboxes } = await running.control('GET', '/mailboxes');
    expect(mailboxes).toContainEqual(expect.objectContaining({ address: 'desk@contoso.example', messages: 0 }));
  });

  it('delivers a raw mail where and when it is told', async () => {
    const raw = 'From: Ann <ann@example.com>\r\nSubject: Raw\r\n\r\nHello\r\n';
    const query = '?folder=junkemail&receivedDateTime=2026-05-04T03:02:01.900Z';
    const response = await post(messages + query, raw, { 'content-type': 'message/rfc822' });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      folder: 'Junk Email',
      subject: 'Raw',
      receivedDateTime: '2026-05-04T03:02:01Z',
      from: { emailAddress: { name: 'Ann', address: 'ann@example.com' } },
    });
  });

  it('delivers a quick mail whose words survive as they are', async () => {
    const subject = `${'Grüße 世界 👋 '.repeat(20)}=?x?`;
    const { id } = await running.deliver({
      subject,
      text: 'Zeile eins\nZeile zwei ✓',
      html: '<p>Zeile <b>eins</b></p>',
      from: 'Müller, Jörg <joerg@example.com>',
    });
    const { body } = await running.graph('GET', `/me/messages/${id}`);
    expect(body.subject).toBe(subject.trim());
    expect(body.from.emailAddress).toEqual({ name: 'Müller, Jörg', address: 'joerg@example.com' });
    expect(body.body.content).toContain('<p>Zeile <b>eins</b></p>');
    const text = await running.graph('GET', `/me/messages/${id}`, { prefer: 'outlook.body-content-type="text"' });
    expect(text.body.body.content.trim()).toBe('Zeile eins\r\nZeile zwei ✓');
  });

  it('lets no header be smuggled into a quick mail', async () => {
    const { id } = await running.deliver({ subject: 'A\r\nBcc: x@example.com', from: 'B\r\nX-Y: z <b@example.com>' });
    const { body } = await running.graph('GET', `/me/messages/${id}?$select=internetMessageHeaders`);
    const names = body.internetMessageHeaders.map((header: { name: string }) => header.name.toLowerCase());
    expect(names).not.toContain('bcc');
    expect(names).not.toContain('x-y');
  });

  it('delivers many at once, from a template or line by line', async () => {
    const bulk = '/mailboxes/bulk@contoso.example/messages/bulk';
    const template = { subject: 'Mail {n}', text: 'Number {n}', from: 'N {n} <n{n}@example.com>' };
    expect(await running.control('POST', bulk, { count: 450, template })).toEqual({ delivered: 450 });
    const lines = '{"subject":"Line one"}\n{"subject":"Line two"}\n';
    const response = await post(bulk, lines, { 'content-type': 'application/x-ndjson' });
    expect(await response.json()).toEqual({ delivered: 2 });
    const wrong = await post(bulk, '{"subject":"fine"}\nnonsense\n', { 'content-type': 'application/x-ndjson' });
    expect(await wrong.json()).toMatchObject({ error: { message: 'Line 2: no JSON' } });
    const { messages: newest } = await running.control('GET', '/mailboxes/bulk@contoso.example/messages?top=1000');
    expect(newest).toHaveLength(452);
    expect(new Set(newest.map((message: { internetMessageId: string }) => message.internetMessageId)).size).toBe(452);
  });

  it('makes mailboxes and fills them by the thousand, in one request each', async () => {
    const pattern = { count: 1_000, pattern: 'many{n}@contoso.example' };
    expect(await running.control('POST', '/mailboxes/bulk', { mailboxes: pattern })).toEqual({ mailboxes: 1_000 });
    const { mailboxes } = await running.control('GET', '/mailboxes');
    expect(mailboxes.filter(({ address }: { address: string }) => address.startsWith('many'))).toHaveLength(1_000);
    const few = { mailboxes: ['many1@contoso.example', 'many2@contoso.example'], count: 3 };
    const raw = ['First', 'Second'].map((subject) => Buffer.from(`Subject: ${subject}\r\n\r\nx`).toString('base64'));
    expect(await running.control('POST', '/messages/bulk', { ...few, mails: raw })).toEqual({ delivered: 6 });
    await running.control('POST', '/messages/bulk?folder=archive', { ...few, template: { subject: 'Number {n}' } });
    for (const address of few.mailboxes) {
      const subjects = async (folder: string) => {
        const { messages: found } = await running.control('GET', `/mailboxes/${address}/messages?folder=${folder}`);
        return found.map(({ subject }: { subject: string }) => subject).toSorted();
      };
      expect(await subjects('inbox')).toEqual(['First', 'First', 'Second']);
      expect(await subjects('archive')).toEqual(['Number 1', 'Number 2', 'Number 3']);
    }
    await expect(running.control('POST', '/messages/bulk', few)).rejects.toThrow('400');
    const nonsense = { mailboxes: { count: 2, pattern: 'no address {n}' } };
    await expect(running.control('POST', '/mailboxes/bulk', nonsense)).rejects.toThrow('400');
  });

  it('edits, moves, shows and deletes one message', async () => {
    const { id, immutableId } = await running.deliver({ subject: 'Draft of a thought' });
    const path = `${messages}/${immutableId}`;
    expect(await running.control('PATCH', path, { subject: 'Thought', isRead: true })).toMatchObject({ isRead: true });
    const moved = await running.control('POST', `${messages}/${id}/move`, { folder: 'archive' });
    expect(moved).toMatchObject({ immutableId, folder: 'Archive', subject: 'Thought' });
    expect(moved.id).not.toBe(id);
    expect(await running.control('GET', path)).toMatchObject({ folder: 'Archive' });
    await expect(running.control('PATCH', path, { sbject: 'x' })).rejects.toThrow('400');
    await running.control('DELETE', path);
    await expect(running.control('GET', path)).rejects.toThrow('404');
  });

  it('refuses what is no mail, no folder, no date, and too much', async () => {
    const rfc822 = { 'content-type': 'message/rfc822' };
    expect((await post(messages, '', rfc822)).status).toBe(400);
    expect((await post(`${messages}?folder=nowhere`, 'Subject: x\r\n\r\n', rfc822)).status).toBe(404);
    expect((await post(`${messages}?receivedDateTime=today`, 'Subject: x\r\n\r\n', rfc822)).status).toBe(400);
    expect((await post(messages, '{"subject":', { 'content-type': 'application/json' })).status).toBe(400);
    expect((await post(messages, '{"__proto__":{"subject":"x"}}', { 'content-type': 'application/json' })).status).toBe(
      400,
    );
    expect((await post(messages, 'x', { 'content-type': 'image/png' })).status).toBe(415);
    const large = await post(messages, Buffer.alloc(151 * 1024 * 1024, 'x'), rfc822);
    expect(large.status).toBe(413);
  });

  it('takes a mail of 29 MB, and any bytes at all', async () => {
    const head = 'Subject: Large\r\nContent-Type: application/octet-stream\r\n\r\n';
    const large = await post(messages, Buffer.concat([Buffer.from(head), Buffer.alloc(29_000_000, 'a\n')]), {
      'content-type': 'message/rfc822',
    });
    expect(large.status).toBe(201);
    const noise = Buffer.from(Array.from({ length: 4_096 }, (_, index) => (index * 7_919) % 256));
    const delivered = await running.deliver(noise);
    const { status, bytes } = await running.graph('GET', `/me/messages/${delivered.id}/$value`);
    expect([status, bytes.equals(noise)]).toEqual([200, true]);
  });

  it('answers no page of another site', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await fetch(`${running.url}/control/stats`, { headers })).status;
    expect(await ask({})).toBe(200);
    expect(await ask({ origin: running.url })).toBe(200);
    expect(await ask({ origin: 'https://evil.example' })).toBe(403);
    expect(await ask({ origin: 'null' })).toBe(403);
  });
});
