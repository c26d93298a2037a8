import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openPolls } from '../../database/ingest/polls.ts';
import { findCompleteness } from '../../database/ingest/reconciliations.ts';
import { control } from '../graph/simulated-sign-in.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

const messagePath = (address: string, { id }: { readonly id: string }) =>
  `/mailboxes/${address}/messages/${encodeURIComponent(id)}`;
/** As a program does that writes mail straight into an inbox. */
async function aDraft(address: string, subject: string) {
  const message = await reader.deliver(address, subject);
  await reader.control.call('PATCH', messagePath(address, message), { isDraft: true });
  return message;
}
const letAnHourPass = (accountId: string) =>
  reader.db
    .updateTable('inboxDrafts')
    .set({ firstAt: new Date(Date.now() - 3_600_000) })
    .where('accountId', '=', accountId)
    .execute();
/** What a reader opens the mailbox with says that the workflow is to drain it. */
async function wantsDrain(accountId: string): Promise<boolean | undefined> {
  return (await openPolls(reader.db, [accountId]))[0]?.wantsRetry;
}
const leftOut = async (id: string) => (await findCompleteness(reader.db, id))?.leftOut;

describe('a draft in the inbox', () => {
  it('is left out and counted at first, and mail after an hour', async () => {
    const { id, address } = await reader.connect();
    await aDraft(address, 'written by a program');
    await reader.deliver(address, 'mail');
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['mail']);
    expect(await leftOut(id)).toMatchObject({ draft: 1 });
    expect(await wantsDrain(id)).toBe(false);

    await letAnHourPass(id);
    expect(await wantsDrain(id)).toBe(true);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['mail', 'written by a program']);
    expect(await leftOut(id)).toMatchObject({ draft: 0 });
    await reader.compare(id);
    expect(await reader.subjects(id)).toEqual(['mail', 'written by a program']);
    expect(await leftOut(id)).toMatchObject({ draft: 0 });
  });

  it('is noticed by a comparison where no walk told of it', async () => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'hidden-moves', mailbox: address });
    const message = await reader.deliver(address, 'unseen', { folder: 'archive' });
    await reader.control.call('PATCH', messagePath(address, message), { isDraft: true });
    await reader.move(address, message, 'inbox');
    await reader.compare(id);
    expect(await leftOut(id)).toMatchObject({ draft: 1 });
  });

  it('is forgotten when it was moved away or deleted meanwhile', async () => {
    const { id, address } = await reader.connect();
    const moved = await aDraft(address, 'moved');
    const deleted = await aDraft(address, 'deleted');
    await reader.drain(id);
    await reader.move(address, moved, 'drafts');
    await reader.control.call('DELETE', messagePath(address, deleted));
    await letAnHourPass(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual([]);
    expect(await leftOut(id)).toMatchObject({ draft: 0 });
  });

  it('is captured as soon as it is none any more, and then once', async () => {
    const { id, address } = await reader.connect();
    const message = await aDraft(address, 'sent after all');
    await reader.drain(id);
    await reader.control.call('PATCH', messagePath(address, message), { isDraft: false });
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['sent after all']);
    await letAnHourPass(id);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['sent after all']);
    expect(await leftOut(id)).toMatchObject({ draft: 0 });
  });
});

describe('mail that was there before', () => {
  it('is counted by the comparison', async () => {
    const { id, address } = await reader.connect();
    await reader.db
      .updateTable('accounts')
      .set({ captureFrom: new Date(Date.now() - 3_600_000) })
      .where('id', '=', id)
      .execute();
    for (const subject of ['old', 'older']) await reader.deliver(address, subject, { minutesAgo: 120 });
    await reader.deliver(address, 'new');
    await reader.drain(id);
    await reader.compare(id);
    expect(await reader.subjects(id)).toEqual(['new']);
    expect(await leftOut(id)).toMatchObject({ 'received-earlier': 2 });
  });
});

describe('attachments that Microsoft still scans', () => {
  const attachmentsOf = async (accountId: string) =>
    (
      await reader.db
        .selectFrom('attachments')
        .innerJoin('messages', 'messages.id', 'attachments.messageId')
        .where('accountId', '=', accountId)
        .select('name')
        .orderBy('position')
        .execute()
    ).map(({ name }) => name);
  const INVOICE = [
    'From: shop@example.org',
    'Subject: with an invoice',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'Hello',
    '--b',
    'Content-Type: application/pdf; name=invoice.pdf',
    'Content-Disposition: attachment; filename=invoice.pdf',
    '',
    '%PDF-1.4',
    '--b--',
  ].join('\r\n');
  const letTheRetryBeDue = (accountId: string) =>
    reader.db
      .updateTable('unreadAttachments')
      .set({ retryAt: new Date(0) })
      .where('accountId', '=', accountId)
      .execute();

  it('are read again until they are there; the mail does not wait for them', async () => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'scanning-attachments', mailbox: address });
    await control(reader.simulatorUrl, 'POST', `/control/mailboxes/${address}/messages`, INVOICE);
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['with an invoice']);
    expect(await attachmentsOf(id)).toEqual(['Safe Attachments Scan In Progress']);
    await letTheRetryBeDue(id);
    await reader.drain(id);
    expect(await attachmentsOf(id)).toEqual(['Safe Attachments Scan In Progress']);

    await reader.control.clearFaults();
    expect(await wantsDrain(id)).toBe(false);
    await letTheRetryBeDue(id);
    expect(await wantsDrain(id)).toBe(true);
    await reader.drain(id);
    expect(await attachmentsOf(id)).toEqual(['invoice.pdf']);
    expect(await reader.subjects(id)).toEqual(['with an invoice']);
  });
});
