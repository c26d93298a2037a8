import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectAccount, enterSettings } from '../support/connect-account.ts';
import { eventually } from '../support/eventually.ts';
import { aMail } from '../support/mime.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

let stack: TestStack;
const ADDRESS = 'files@contoso.example';
const MEGABYTES = 40;

beforeAll(async () => {
  stack = await startTestStack();
  await enterSettings(stack);
  await connectAccount(stack, ADDRESS);
});
afterAll(() => stack.stop());

/** Delivers a mail with this file; the address of its download. */
async function arrived(subject: string, bytes: Buffer): Promise<{ path: string; messageId: string }> {
  const response = await fetch(`${stack.simulatorUrl}/control/mailboxes/${ADDRESS}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: aMail({ subject, parts: [{ name: 'large.bin', bytes }] }),
  });
  expect(response.status).toBe(201);
  const row = await eventually(
    async () =>
      await stack.db
        .selectFrom('items')
        .innerJoin('messages', 'messages.id', 'items.messageId')
        .innerJoin('attachments', 'attachments.messageId', 'messages.id')
        .select(['items.id', 'messages.id as messageId', 'attachments.id as attachmentId'])
        .where('subject', '=', subject)
        .executeTakeFirstOrThrow(),
    { timeoutMs: 60_000, intervalMs: 200 },
  );
  return { path: `/api/v1/items/${row.id}/attachments/${row.attachmentId}`, messageId: row.messageId };
}

async function download(path: string) {
  const headers = { authorization: `Bearer ${stack.apiKey}` };
  const response = await fetch(`${stack.apiUrls[0]}${path}`, { headers });
  const hash = createHash('sha256');
  for await (const bytes of response.body ?? []) hash.update(bytes as Uint8Array);
  return { status: response.status, hash: hash.digest('hex') };
}

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
describe('a large attachment', () => {
  const bytes = randomBytes(MEGABYTES * 1_048_576);

  it('is read by another worker when the first one is killed in the middle', async () => {
    const { path, messageId } = await arrived('killed', bytes);
    const downloading = download(path);
    await eventually(
      async () => {
        const { pieces } = await stack.db
          .selectFrom('contentChunks')
          .innerJoin('contents', 'contents.id', 'contentChunks.contentId')
          .select(({ fn }) => fn.countAll<number>().as('pieces'))
          .where('messageId', '=', messageId)
          .executeTakeFirstOrThrow();
        expect(pieces).toBeGreaterThan(3);
      },
      { timeoutMs: 30_000, intervalMs: 10 },
    );
    await stack.stopWorkers('SIGKILL');
    await stack.startWorker();
    const first = await downloading;
    // Half a minute may be over before it is read: then the answer is to ask again.
    expect([200, 504]).toContain(first.status);
    const { hash } = await eventually(
      async () => {
        const again = await download(path);
        expect(again.status).toBe(200);
        return again;
      },
      { timeoutMs: 90_000, intervalMs: 500 },
    );
    expect(hash).toBe(hashOf(bytes));
  });
});
