import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { messageProblems } from './graph-schema.ts';
import { type RunningGraph, startGraph } from './start-graph.ts';

const MEBIBYTE = 1024 * 1024;

describe('A large attachment', () => {
  let running: RunningGraph;
  let draft: string;
  beforeAll(async () => {
    running = await startGraph();
    draft = (await running.graph('POST', '/me/messages', { body: { subject: 'Large' } })).body.id;
  });
  afterAll(() => running.close());

  const open = (item: object) =>
    running.graph('POST', `/me/messages/${draft}/attachments/createUploadSession`, {
      body: { AttachmentItem: { attachmentType: 'file', name: 'plan.bin', size: 5 * MEBIBYTE, ...item } },
    });
  const put = async (url: string, range: string, bytes: Uint8Array, headers: Record<string, string> = {}) => {
    const sent = { 'content-type': 'application/octet-stream', 'content-range': range, ...headers };
    const response = await fetch(url, { method: 'PUT', headers: sent, body: new Uint8Array(bytes) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };

  it('arrives in ranges under a URL that needs no token, and is a file like any other', async () => {
    const bytes = randomBytes(5 * MEBIBYTE);
    const session = await open({ contentType: 'image/png', isInline: true, contentId: 'plan' });
    expect([session.status, session.body.nextExpectedRanges]).toEqual([201, ['0-']]);
    expect(session.body.uploadUrl).toContain(`${running.url}/api/v2.0/Users('`);
    const url = session.body.uploadUrl;
    const half = 4 * MEBIBYTE;
    const first = await put(url, `bytes 0-${half - 1}/${bytes.length}`, bytes.subarray(0, half));
    expect([first.status, first.body.nextExpectedRanges]).toEqual([200, [String(half)]]);
    expect(first.body['@odata.context']).toMatch(/\/AttachmentSessions\/\$entity$/);
    expect((await (await fetch(url)).json()) as object).toMatchObject({ nextExpectedRanges: [String(half)] });
    const last = await put(url, `bytes ${half}-${bytes.length - 1}/${bytes.length}`, bytes.subarray(half));
    expect([last.status, last.body]).toEqual([201, null]);
    const id = /\/Attachments\('([^']+)'\)$/.exec(last.headers.get('location') ?? '')?.[1];

    const { body } = await running.graph('GET', `/me/messages/${draft}/attachments/${id}`);
    expect(messageProblems(body)).toEqual([]);
    expect(body).toMatchObject({ name: 'plan.bin', contentType: 'image/png', isInline: true, contentId: 'plan' });
    const value = await running.graph('GET', `/me/messages/${draft}/attachments/${id}/$value`);
    const hash = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(hash(value.bytes)).toBe(hash(bytes));
    expect((await fetch(url)).status).toBe(404);
  });

  it('is refused where a range, the size or the token is wrong, and goes on from where it was', async () => {
    const { uploadUrl: url } = (await open({})).body;
    const total = 5 * MEBIBYTE;
    const small = Buffer.alloc(100);
    const statusOf = async (range: string, bytes = small, headers = {}) =>
      (await put(url, range, bytes, headers)).status;
    expect(await statusOf(`bytes 0-99/${total}`)).toBe(200);
    expect(await statusOf(`bytes 0-99/${total}`)).toBe(416);
    expect(await statusOf(`bytes 200-299/${total}`)).toBe(416);
    expect(await statusOf(`bytes 100-199/${total + 1}`)).toBe(400);
    expect(await statusOf(`bytes 100-299/${total}`)).toBe(400);
    expect(await statusOf('0-99')).toBe(400);
    expect(await statusOf(`bytes 100-${100 + 4 * MEBIBYTE}/${total}`, Buffer.alloc(4 * MEBIBYTE + 1))).toBe(413);
    expect(await statusOf(`bytes 100-199/${total}`, small, { authorization: 'Bearer x' })).toBe(401);
    expect(await statusOf(`bytes 100-199/${total}`)).toBe(200);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
    expect(await statusOf(`bytes 200-299/${total}`)).toBe(404);

    await running.control('PUT', '/limits', { uploadLifeSeconds: 0 });
    const expired = (await open({})).body.uploadUrl;
    await running.control('DELETE', '/limits');
    expect((await put(expired, `bytes 0-99/${total}`, small)).status).toBe(401);
  });

  it.each([
    [{ size: 100 }, 'ErrorAttachmentSizeShouldNotBeLessThanMinimumSize'],
    [{ size: 151 * MEBIBYTE }, 'ErrorAttachmentSizeLimitExceeded'],
    [{ attachmentType: 'item' }, 'BadRequest'],
    [{ size: '5' }, 'ErrorInvalidRequest'],
  ])('gets no session for %j', async (item, code) => {
    const { status, body } = await open(item);
    expect([status, body.error.code]).toEqual([400, code]);
  });

  it('below 3 MB comes in one request, as a file or a message, and can be taken away', async () => {
    const post = (body: object) => running.graph('POST', `/me/messages/${draft}/attachments`, { body });
    const file = await post({
      '@odata.type': '#microsoft.graph.fileAttachment',
      name: 'leer.txt',
      contentBytes: '',
    });
    expect([file.status, messageProblems(file.body)]).toEqual([201, []]);
    const item = await post({
      '@odata.type': '#microsoft.graph.itemAttachment',
      name: 'Attached',
      item: {
        '@odata.type': '#microsoft.graph.message',
        subject: 'Inner',
        body: { contentType: 'text', content: 'Hi' },
      },
    });
    const path = `/me/messages/${draft}/attachments/${item.body.id}`;
    const inner = await running.graph('GET', `${path}?$expand=microsoft.graph.itemAttachment/item`);
    expect(inner.body.item).toMatchObject({ subject: 'Inner' });
    expect((await running.graph('GET', `${path}/$value`)).bytes.toString()).toContain('Subject: Inner');
    expect((await running.graph('GET', `/me/messages/${draft}`)).body.hasAttachments).toBe(true);
    expect((await running.graph('DELETE', path)).status).toBe(204);
    expect((await running.graph('GET', path)).status).toBe(404);
    const large = Buffer.alloc(3 * MEBIBYTE + 3).toString('base64');
    const refused = await post({ '@odata.type': '#microsoft.graph.fileAttachment', name: 'a', contentBytes: large });
    expect(refused.status).toBe(413);
  });
});
