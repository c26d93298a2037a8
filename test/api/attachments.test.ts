import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { aMail, type MailPart, zipEntries } from '../support/mime.ts';
import { startTestApi } from './test-api.ts';
import { simulatedSettings, startTestStack, type TestStack } from './test-stack.ts';

let stack: TestStack;
let accountId: string;
const ADDRESS = 'files@contoso.example';
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** 60,000 × 60,000 pixels, as its header says. */
const VAST_PNG = Buffer.from(PNG);
VAST_PNG.writeUInt32BE(60_000, 16);
VAST_PNG.writeUInt32BE(60_000, 20);

beforeAll(async () => {
  stack = await startTestStack();
  await stack.call('PUT', '/api/v1/email/settings', { body: simulatedSettings });
  const { id, signInUrl } = await stack.addAccount(ADDRESS, { defaultQueueId: await aQueueOfApi() });
  accountId = id;
  await stack.call('GET', await stack.signInAt(signInUrl, { mode: 'auto', as: ADDRESS }), { key: null });
});
afterAll(() => stack.stop());
afterEach(() => stack.control('DELETE', '/faults'));

async function aQueueOfApi(): Promise<string> {
  return (await stack.call('POST', '/api/v1/queues', { body: { name: 'Files' } })).json.id;
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly [field: string]: unknown;
}

/** Delivers a mail with these parts, and waits until it is captured: its item, its id at Microsoft, its attachments. */
async function arrived(parts: readonly MailPart[], subject = `Files ${randomBytes(4).toString('hex')}`) {
  return await arrivedRaw(aMail({ subject, parts }), subject);
}

async function arrivedRaw(mail: string | Buffer, subject: string) {
  const response = await fetch(`${stack.simulatorUrl}/control/mailboxes/${ADDRESS}/messages`, {
    method: 'POST',
    body: new Uint8Array(Buffer.from(mail)),
    headers: { 'content-type': 'message/rfc822' },
  });
  const { id: graphId } = (await response.json()) as { id: string };
  return await eventually(
    async () => {
      const row = await stack.db
        .selectFrom('items')
        .innerJoin('messages', 'messages.id', 'items.messageId')
        .select(['items.id', 'messages.id as messageId'])
        .where('subject', '=', subject)
        .executeTakeFirstOrThrow();
      const { message } = (await stack.call('GET', `/api/v1/items/${row.id}`)).json;
      return { ...row, graphId, message, attachments: message.attachments as Listed[] };
    },
    { timeoutMs: 15_000, intervalMs: 100 },
  );
}

async function download(path: string, headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') {
  const response = await stack.app.inject({
    method,
    url: path,
    headers: { authorization: `Bearer ${stack.apiKeys.Agent}`, ...headers },
  });
  const isJson = String(response.headers['content-type']).includes('json');
  return {
    status: response.statusCode,
    headers: response.headers,
    bytes: response.rawPayload,
    json: isJson ? response.json() : undefined,
  };
}
const attachmentPath = (itemId: string, { id }: Listed) => `/api/v1/items/${itemId}/attachments/${id}`;
const one = async (part: MailPart) => {
  const mail = await arrived([part]);
  const [attachment] = mail.attachments;
  if (!attachment) throw new Error('The mail has no attachment');
  return { ...mail, attachment, path: attachmentPath(mail.id, attachment) };
};
describe('an attachment', () => {
  it('is read from the mailbox when it is asked for, byte by byte the same, and then from the cache', async () => {
    const bytes = randomBytes(700_000);
    const { path, message } = await one({ name: 'data.bin', bytes });
    expect(message).toMatchObject({ webLink: expect.stringMatching(/^https:/), categories: [], special: null });
    const first = await download(path);
    expect(first.status).toBe(200);
    expect(first.bytes.equals(bytes)).toBe(true);
    expect(first.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '700000',
      'content-disposition': 'attachment; filename=data.bin',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    // Not of polls, which would come later and later.
    await stack.control('POST', '/faults', { kind: 'unavailable', endpoint: 'attachments' });
    expect((await download(path)).bytes.equals(bytes)).toBe(true);
  });

  it('is read once for all who ask at the same time', async () => {
    const { path, messageId } = await one({ name: 'shared.bin', bytes: randomBytes(300_000) });
    await stack.control('POST', '/faults', { kind: 'slow', mailbox: ADDRESS, delayMs: 700, endpoint: 'attachments' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => download(path)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const attempts = await stack.db.selectFrom('contents').select('id').where('messageId', '=', messageId).execute();
    expect(attempts).toHaveLength(1);
  });

  it('is encrypted in the database, each piece for its place', async () => {
    const bytes = Buffer.concat([Buffer.from('secret '), randomBytes(600_000)]);
    const { path, messageId } = await one({ name: 'secret.txt', bytes });
    await download(path);
    const { id } = await stack.db
      .selectFrom('contents')
      .select('id')
      .where('messageId', '=', messageId)
      .executeTakeFirstOrThrow();
    const pieces = () => stack.db.selectFrom('contentChunks').selectAll().where('contentId', '=', id).orderBy('number');
    const [first, second] = await pieces().execute();
    expect(Buffer.concat([first?.data ?? Buffer.alloc(0)]).includes('secret')).toBe(false);
    // Moved to another place it is not taken for that piece: the file is read again.
    await stack.db
      .updateTable('contentChunks')
      .set({ data: second?.data ?? Buffer.alloc(0) })
      .where('contentId', '=', id)
      .where('number', '=', 0)
      .execute();
    const again = await download(path);
    expect([again.status, again.bytes.equals(bytes)]).toEqual([200, true]);
  });

  it('is read again where the cache was emptied', async () => {
    const { path } = await one({ name: 'lost.txt', bytes: Buffer.from('still there') });
    await download(path);
    await stack.db.deleteFrom('contentChunks').execute();
    expect((await download(path)).bytes.toString()).toBe('still there');
  });

  it('of no bytes is a file of no bytes', async () => {
    const { path } = await one({ name: 'empty.txt', bytes: Buffer.alloc(0) });
    const { status, bytes, headers } = await download(path);
    expect([status, bytes.length, headers['content-length']]).toEqual([200, 0, '0']);
  });

  it('has a name that is safe on every system', async () => {
    const { path } = await one({ name: '..\\..\\Rechnung\u202efdp.exe', bytes: Buffer.from('x') });
    const disposition = String((await download(path)).headers['content-disposition']);
    expect(disposition).not.toMatch(/\.\.|\\\\|%E2%80%AE/);
    expect(disposition).toContain('Rechnungfdp.exe');
  });

  it('goes on where a download broke off, and is not sent again to who has it', async () => {
    const bytes = randomBytes(600_000);
    const { path } = await one({ name: 'large.bin', bytes });
    const { headers } = await download(path);
    const etag = String(headers.etag);
    expect(headers['accept-ranges']).toBe('bytes');
    for (const [range, from, to] of [
      ['bytes=262140-262150', 262_140, 262_150],
      ['bytes=524288-', 524_288, 599_999],
      ['bytes=-1', 599_999, 599_999],
      ['bytes=0-9999999', 0, 599_999],
    ] as const) {
      const part = await download(path, { range, 'if-range': etag });
      expect([part.status, part.headers['content-range']]).toEqual([206, `bytes ${from}-${to}/600000`]);
      expect(part.headers['content-length']).toBe(String(to - from + 1));
      expect(part.bytes.equals(bytes.subarray(from, to + 1))).toBe(true);
    }
    for (const given of [{ range: 'bytes=0-1', 'if-range': '"other"' }, { range: 'bytes=0-1,5-6' }, { range: 'x' }]) {
      const whole = await download(path, given);
      expect([whole.status, whole.bytes.length]).toEqual([200, 600_000]);
    }
    const beyond = await download(path, { range: 'bytes=600000-' });
    expect([beyond.status, beyond.headers['content-range']]).toEqual([416, 'bytes */600000']);
    expect(beyond.json).toMatchObject({ reason: 'range-beyond-end', facts: { size: 600_000 } });
    const same = await download(path, { 'if-none-match': etag });
    expect([same.status, same.bytes.length]).toEqual([304, 0]);
    expect((await download(path, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('can be asked about without being sent', async () => {
    const { path, id } = await one({ name: 'large.bin', bytes: Buffer.alloc(300_000) });
    const head = await download(path, { range: 'bytes=0-1' }, 'HEAD');
    expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '300000', 0]);
    const archive = await download(`/api/v1/items/${id}/attachments.zip`, {}, 'HEAD');
    expect([archive.status, archive.headers['content-type'], archive.bytes.length]).toEqual([
      200,
      'application/zip',
      0,
    ]);
  });

  it('is warned of by its extension, however long its name is', async () => {
    const { attachment, path } = await one({ name: `${'a'.repeat(5_000)}.exe`, bytes: Buffer.from('x') });
    expect(attachment.risk).toBe('executable');
    expect(String((await download(path)).headers['content-disposition'])).toContain('.exe');
  });

  it('is a picture only by its bytes, and never SVG', async () => {
    const mail = await arrived([
      { name: 'logo.png', bytes: PNG, contentType: 'image/png', contentId: 'logo@1' },
      { name: 'fake.png', bytes: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), contentType: 'image/png' },
      { name: 'vast.png', bytes: VAST_PNG, contentType: 'image/png' },
    ]);
    const [logo, fake, vast] = mail.attachments as [Listed, Listed, Listed];
    expect(logo).toMatchObject({ contentId: 'logo@1', preview: 'picture', risk: null, scan: null });
    const shown = await download(`${attachmentPath(mail.id, logo)}?as=picture`);
    expect(shown.headers['content-type']).toBe('image/png');
    expect(shown.headers['content-disposition']).toMatch(/^inline/);
    expect(shown.bytes.equals(PNG)).toBe(true);
    const refused = await download(`${attachmentPath(mail.id, fake)}?as=picture`);
    expect(refused.json).toMatchObject({ status: 422, reason: 'content-no-picture' });
    const tooVast = await download(`${attachmentPath(mail.id, vast)}?as=picture`);
    expect(tooVast.json).toMatchObject({ status: 422, reason: 'content-no-picture' });
    expect((await download(attachmentPath(mail.id, vast))).bytes.equals(VAST_PNG)).toBe(true);
    const { message } = (await stack.call('GET', `/api/v1/items/${mail.id}`)).json;
    expect(message.attachments[1].risk).toBe('script');
  });

  it('is marked where it can run, by its name before it is read and by its bytes afterwards', async () => {
    const mail = await arrived([
      { name: 'invoice.pdf.exe', bytes: Buffer.from('x') },
      { name: 'photo.jpg', bytes: Buffer.from('MZ\x90\0 a program', 'latin1') },
      { name: 'report.docx', bytes: Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.from('word/vbaProject.bin')]) },
    ]);
    expect(mail.attachments.map(({ risk }) => risk)).toEqual(['executable', null, null]);
    await Promise.all(mail.attachments.map((each) => download(attachmentPath(mail.id, each))));
    const { message } = (await stack.call('GET', `/api/v1/items/${mail.id}`)).json;
    expect(message.attachments.map(({ risk }: Listed) => risk)).toEqual(['executable', 'executable', 'macro']);
  });

  it('is found where a program moved the mail out and in again', async () => {
    const { path, graphId, id } = await one({ name: 'moved.txt', bytes: Buffer.from('moved') });
    const place = `/mailboxes/${ADDRESS}/messages/${encodeURIComponent(graphId)}/move`;
    await stack.control('POST', place, { folder: 'inbox', underNewId: true });
    await eventually(
      async () => {
        const { message } = (await stack.call('GET', `/api/v1/items/${id}`)).json;
        expect(message.copies).toHaveLength(1);
      },
      { timeoutMs: 15_000, intervalMs: 100 },
    );
    expect((await download(path)).bytes.toString()).toBe('moved');
  });

  it('that is gone from the mailbox is named as such, in words', async () => {
    const { path, graphId } = await one({ name: 'gone.txt', bytes: Buffer.from('gone') });
    await stack.control('DELETE', `/mailboxes/${ADDRESS}/messages/${encodeURIComponent(graphId)}`);
    const { json } = await download(path);
    expect(json).toMatchObject({ status: 410, reason: 'content-gone' });
    expect(json.detail).toContain('Look for it in Outlook');
  });

  it('is refused with the reason while Microsoft asks to wait, and is not asked for again before', async () => {
    const { path } = await one({ name: 'later.txt', bytes: Buffer.from('later') });
    const fault = { kind: 'throttle', mailbox: ADDRESS, endpoint: 'attachments', retryAfterSeconds: 60, count: 1 };
    await stack.control('POST', '/faults', fault);
    const refused = await download(path);
    expect(refused.json).toMatchObject({ status: 503, reason: 'rate-limited' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
    const again = await download(path);
    expect(again.json).toMatchObject({ status: 503, reason: 'rate-limited' });
    await stack.db
      .updateTable('contentTurns')
      .set({ notBefore: new Date(0) })
      .execute();
    expect((await download(path)).status).toBe(200);
  });

  it('survives a connection that breaks', async () => {
    const { path } = await one({ name: 'twice.txt', bytes: Buffer.from('twice') });
    await stack.control('POST', '/faults', { kind: 'reset', mailbox: ADDRESS, endpoint: 'attachments', count: 2 });
    expect((await download(path)).bytes.toString()).toBe('twice');
  });

  it('that takes longer than a person waits goes on, and is there for the next one who asks', async () => {
    const { path, messageId, attachment } = await one({ name: 'slow.txt', bytes: Buffer.from('slow') });
    await stack.control('POST', '/faults', { kind: 'slow', mailbox: ADDRESS, delayMs: 1_500, endpoint: 'attachments' });
    const input = { messageId, attachmentId: attachment.id };
    expect(await stack.worker.contents.read(input, 300)).toBeUndefined();
    await eventually(
      async () => {
        const kept = stack.db.selectFrom('contents').select('id').where('messageId', '=', messageId);
        expect(await kept.where('completedAt', 'is not', null).execute()).toHaveLength(1);
      },
      { timeoutMs: 10_000, intervalMs: 100 },
    );
    expect((await download(path)).bytes.toString()).toBe('slow');
  });

  it('can be had without Temporal where it was read before; otherwise the answer says what is away', async () => {
    const before = await one({ name: 'before.txt', bytes: Buffer.from('before') });
    const after = await one({ name: 'after.txt', bytes: Buffer.from('after') });
    await download(before.path);
    const alone = await startTestApi({ db: stack.db, keys: stack.worker.keys, withoutKeys: true });
    const key = stack.apiKeys.Agent;
    const [kept, away] = [await alone.call('GET', before.path, { key }), await alone.call('GET', after.path, { key })];
    await alone.stop();
    expect([kept.status, kept.text]).toEqual([200, 'before']);
    expect(away.json).toMatchObject({ status: 503, reason: 'temporal-down' });
  });

  it('is not known under another item, or another id', async () => {
    const mine = await one({ name: 'mine.txt', bytes: Buffer.from('mine') });
    const other = await one({ name: 'other.txt', bytes: Buffer.from('other') });
    const crossed = await download(attachmentPath(other.id, mine.attachment));
    expect(crossed.json).toMatchObject({ status: 404, reason: 'no-such-attachment' });
    const nowhere = await download(attachmentPath(mine.messageId, mine.attachment));
    expect(nowhere.json).toMatchObject({ status: 404, reason: 'no-such-item' });
  });

  it('may be read by who may read items, and by no one else', async () => {
    const { path } = await one({ name: 'mine.txt', bytes: Buffer.from('mine') });
    expect((await stack.call('GET', path, { key: null })).status).toBe(401);
  });

  it('is deleted with its message', async () => {
    const { path, messageId } = await one({ name: 'private.txt', bytes: Buffer.from('private') });
    await download(path);
    await stack.db.deleteFrom('messages').where('id', '=', messageId).execute();
    expect(await stack.db.selectFrom('contents').select('id').where('messageId', '=', messageId).execute()).toEqual([]);
    expect((await download(path)).json).toMatchObject({ status: 410, reason: 'message-deleted' });
  });
});

describe('all attachments together', () => {
  it('are an archive, with distinct names', async () => {
    const mail = await arrived([
      { name: 'image.png', bytes: PNG },
      { name: 'IMAGE.png', bytes: Buffer.from('another') },
      { name: '../../up.txt', bytes: randomBytes(400_000) },
    ]);
    const { status, headers, bytes } = await download(`/api/v1/items/${mail.id}/attachments.zip`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/zip');
    expect(zipEntries(bytes)).toEqual([
      { name: 'image.png', size: PNG.length },
      { name: 'IMAGE (2).png', size: 7 },
      { name: 'up.txt', size: 400_000 },
    ]);
  });

  it('come without what cannot be had, which is named', async () => {
    const mail = await arrived([
      { name: 'good.txt', bytes: Buffer.from('good') },
      { name: 'bad.txt', bytes: Buffer.from('bad') },
    ]);
    const [good, bad] = mail.attachments as [Listed, Listed];
    await download(attachmentPath(mail.id, good));
    await stack.db.updateTable('attachments').set({ kind: 'reference' }).where('id', '=', bad.id).execute();
    const { bytes } = await download(`/api/v1/items/${mail.id}/attachments.zip`);
    expect(zipEntries(bytes).map(({ name }) => name)).toEqual(['good.txt', 'NOT INCLUDED.txt']);
    expect(bytes.includes('bad.txt: The attachment is only a link')).toBe(true);
  });

  it('are refused where there are none', async () => {
    const mail = await arrived([]);
    const { json } = await download(`/api/v1/items/${mail.id}/attachments.zip`);
    expect(json).toMatchObject({ status: 404, reason: 'no-such-attachment' });
  });
});

describe('a message', () => {
  it('is a file as Exchange gives it', async () => {
    const subject = `Ü: report ${randomBytes(4).toString('hex')}`;
    const mail = await arrived([{ name: 'a.txt', bytes: Buffer.from('a') }], subject);
    const { headers, bytes } = await download(`/api/v1/items/${mail.id}/message.eml`);
    expect(String(headers['content-disposition'])).toContain('.eml');
    expect(bytes.toString()).toContain('filename="a.txt"');
  });

  it('of an earlier release is found in Outlook when its link is asked for', async () => {
    const mail = await arrived([]);
    await stack.db.updateTable('messages').set({ webLink: null }).where('id', '=', mail.messageId).execute();
    const { json } = await download(`/api/v1/items/${mail.id}/web-link`);
    expect(json.webLink).toBe(mail.message.webLink);
    const row = await stack.db
      .selectFrom('messages')
      .select('webLink')
      .where('id', '=', mail.messageId)
      .executeTakeFirstOrThrow();
    expect(row.webLink).toBe(json.webLink);
  });
});

describe('a scanner', () => {
  it('that found malware keeps the file from everybody, and says what it is', async () => {
    const { path, messageId, id } = await one({ name: 'invoice.pdf', bytes: Buffer.from('x') });
    await download(path);
    const found = { verdict: 'infected', finding: 'Eicar-Signature' };
    await stack.db.updateTable('contents').set(found).where('messageId', '=', messageId).execute();
    const refused = await stack.call('GET', path);
    expect(refused.json).toMatchObject({
      status: 403,
      reason: 'content-infected',
      facts: { finding: 'Eicar-Signature' },
    });
    const { message } = (await stack.call('GET', `/api/v1/items/${id}`)).json;
    expect(message.attachments[0].scan).toEqual(found);
  });

  it('that is required keeps back what it did not see', async () => {
    const { path } = await one({ name: 'unseen.txt', bytes: Buffer.from('x') });
    const { db, keys, contents } = stack.worker;
    const careful = await startTestApi({ db, keys, contents, content: { scanRequired: true }, withoutKeys: true });
    const key = stack.apiKeys.Agent;
    const { json } = await careful.call('GET', path, { key });
    await careful.stop();
    expect(json).toMatchObject({ status: 403, reason: 'content-unscanned' });
    expect((await download(path)).status).toBe(200);
  });
});

describe('what can be shown', () => {
  const fixture = (name: string) => readFileSync(new URL(`../attachments/mails/${name}.eml`, import.meta.url));
  const subjectOf = (mail: Buffer) => /^Subject: (.*?)\r?$/m.exec(mail.toString())?.[1] ?? '';
  const arrivedFixture = (name: string) => arrivedRaw(fixture(name), subjectOf(fixture(name)));

  it('of an attached mail is a mail, with files of its own', async () => {
    const mail = await arrivedFixture('attached-message');
    const [attached] = mail.attachments as [Listed];
    expect(attached).toMatchObject({ kind: 'item', preview: 'message' });
    const path = `${attachmentPath(mail.id, attached)}/content`;
    const { json } = await download(path);
    expect(json).toMatchObject({ kind: 'message', subject: 'Inner mail with file', attachments: [{ part: '0' }] });
    const file = await download(`${path}?part=0&download=true`);
    expect(file.headers).toMatchObject({
      'content-disposition': 'attachment; filename=inner.pdf',
      'content-length': '1',
    });
    expect(file.bytes.toString()).toBe('x');
    expect((await download(`${path}?part=0&download=picture`)).json).toMatchObject({ reason: 'content-no-picture' });
    expect((await download(`${path}?part=7`)).json).toMatchObject({ status: 404, reason: 'no-such-attachment' });
    expect((await download(`${path}?part=x`)).status).toBe(400);
    const saved = await download(attachmentPath(mail.id, attached));
    expect(saved.headers['content-disposition']).toMatch(/\.eml"$/);
  });

  it('of mail in mail in mail is opened ten deep', async () => {
    const inMail = (inner: string, depth: number) => {
      const type = `Content-Type: multipart/mixed; boundary=b${depth}x`;
      const start = [`Subject: Depth ${depth}`, 'MIME-Version: 1.0', type, '', `--b${depth}x`];
      return [...start, 'Content-Type: message/rfc822', '', inner, `--b${depth}x--`, ''].join('\r\n');
    };
    let nested = 'Subject: Depth 0\r\n\r\nThe innermost';
    for (let depth = 1; depth <= 10; depth += 1) nested = inMail(nested, depth);
    const mail = await arrived([
      { name: 'nested.eml', bytes: Buffer.from(nested), contentType: 'application/octet-stream' },
    ]);
    const [attached] = mail.attachments as [Listed];
    const path = `${attachmentPath(mail.id, attached)}/content`;
    const innermost = await download(`${path}?part=${Array.from({ length: 10 }, () => 0).join('.')}`);
    expect(innermost.json).toMatchObject({ kind: 'message', subject: 'Depth 0' });
  });

  it('of an attached contact is its text', async () => {
    const card = Buffer.from('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nEND:VCARD\r\n');
    const { path } = await one({ name: 'Ada', bytes: card });
    expect((await download(`${path}/content`)).json).toMatchObject({ kind: 'text', text: card.toString() });
  });

  it('of an invitation is its time and its organiser', async () => {
    const mail = await arrivedFixture('invitation');
    expect(mail.message.special).toEqual({ kind: 'invitation' });
    const { json } = await download(`/api/v1/items/${mail.id}/special`);
    expect(json).toMatchObject({ kind: 'invitation', start: { at: '2026-12-01T10:00:00.000Z' } });
  });

  it('of a signed envelope is what was signed', async () => {
    const mail = await arrivedFixture('smime-opaque');
    expect(mail.message.special).toEqual({ kind: 'signed' });
    const special = `/api/v1/items/${mail.id}/special`;
    const { json } = await download(special);
    expect(json).toMatchObject({ kind: 'signed', isVerified: false, message: { attachments: [{ part: '0.0' }] } });
    expect((await download(`${special}?part=0.0&download=true`)).bytes.toString()).toBe('%PDF-');
  });

  it('of a delivery report is what became of the mail', async () => {
    const bytes = readFileSync(new URL('../mail/flanker--bounce-office365.eml', import.meta.url));
    const mail = await arrivedRaw(bytes, subjectOf(bytes));
    expect(mail.message.special).toEqual({ kind: 'delivery-report' });
    const { json } = await download(`/api/v1/items/${mail.id}/special`);
    expect(json).toMatchObject({ kind: 'report', recipients: [{ reason: 'mailbox-unknown' }] });
  });

  it('of text is the text, and of anything else nothing', async () => {
    const mail = await arrived([
      { name: 'notes.txt', bytes: Buffer.from('Grüße'), contentType: 'text/plain' },
      { name: 'data.bin', bytes: Buffer.from('x') },
    ]);
    const [text, data] = mail.attachments as [Listed, Listed];
    const { json } = await download(`${attachmentPath(mail.id, text)}/content`);
    expect(json).toEqual({ kind: 'text', text: 'Grüße', isCut: false });
    const refused = await download(`${attachmentPath(mail.id, data)}/content`);
    expect(refused.json).toMatchObject({ status: 422, reason: 'content-not-shown' });
  });
});

describe('a mailbox that is not read', () => {
  it('keeps its attachments to itself, and what was read before can be had', async () => {
    const before = await one({ name: 'before.txt', bytes: Buffer.from('before') });
    const after = await one({ name: 'after.txt', bytes: Buffer.from('after') });
    await download(before.path);
    const change = (set: object) => stack.db.updateTable('accounts').set(set).where('id', '=', accountId).execute();
    await change({ enabled: false });
    expect((await download(before.path)).status).toBe(200);
    expect((await download(after.path)).json).toMatchObject({ status: 409, reason: 'account-not-enabled' });
    await change({ enabled: true, signIn: 'needed' });
    expect((await download(after.path)).json).toMatchObject({ status: 409, reason: 'account-not-signed-in' });
    await change({ signIn: 'done', removedAt: new Date() });
    expect((await download(after.path)).json).toMatchObject({ status: 410, reason: 'content-account-removed' });
    await change({ removedAt: null });
    expect((await download(after.path)).bytes.toString()).toBe('after');
  });
});
