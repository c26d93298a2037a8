import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturePage } from '../../database/capture/capture.ts';
import { findInLedger, findKnownMessages } from '../../database/capture/known-messages.ts';
import type { NewMessage } from '../../database/capture/message-insertion.ts';
import { parkMessages } from '../../database/capture/quarantine.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { countCapturedSince } from '../../database/ingest/missed-mail.ts';
import { findItem } from '../../database/queues/messages.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const capture = (accountId: string, ...messages: readonly NewMessage[]) =>
  capturePage(db, { accountId, folder: 'inbox', origin: 'list', step: undefined, messages, rejected: [] });

const again = (message: NewMessage, changes: Partial<NewMessage> = {}) =>
  aMessage({ ...message, graphId: `AAk${randomUUID()}`, ...changes });

const itemsOf = async (...accountIds: readonly string[]) =>
  await db.selectFrom('items').select('id').where('accountId', 'in', accountIds).execute();

const waitingForLocks = async () => {
  const { rows } = await sql<{ waiting: number }>`
    select count(*) as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
  `.execute(db);
  return rows[0]?.waiting ?? 0;
};

const anAttachment = {
  graphId: 'att',
  kind: 'file',
  name: 'scan.pdf',
  contentType: 'application/pdf',
  size: 1_000,
  isInline: false,
  contentId: undefined,
} as const;

describe('a mail that comes again under another id', () => {
  it('is linked to its item instead of queued again', async () => {
    const accountId = await anAccount(db);
    const message = aMessage();
    await capture(accountId, message);
    const copy = again(message);
    expect(await capture(accountId, copy)).toMatchObject({ captured: 0, known: 1 });
    const [item, ...others] = await itemsOf(accountId);
    expect(others).toEqual([]);
    expect((await findItem(db, item?.id ?? ''))?.message?.copies).toHaveLength(1);
  });

  it('is known from then on, and leaves the quarantine', async () => {
    const accountId = await anAccount(db);
    const message = aMessage();
    const copy = again(message);
    await capture(accountId, message);
    await parkMessages(db, accountId, 'inbox', [{ graphId: copy.graphId, reason: 'unreadable' }]);
    await capture(accountId, copy);
    expect(await findKnownMessages(db, accountId, [copy.graphId])).toEqual(new Set([copy.graphId]));
    expect(await findInLedger(db, accountId, [copy.graphId])).toEqual(new Map([[copy.graphId, true]]));
    const parked = db.selectFrom('quarantine').select('state').where('accountId', '=', accountId);
    expect(await parked.execute()).toEqual([{ state: 'resolved' }]);
  });

  it('is one item when both lie in one page, and when the page holds two such pairs under one Message-ID', async () => {
    const accountId = await anAccount(db);
    const [one, other] = [aMessage({ internetMessageId: '<pair@x>' }), aMessage({ internetMessageId: '<pair@x>' })];
    const different = { ...other, bodyHtml: '<p>Another</p>' };
    const outcome = await capture(accountId, one, again(one), different, again(different));
    expect(outcome).toMatchObject({ captured: 2, known: 2 });
  });

  it('is recognised when the account was removed and connected again', async () => {
    const address = `${randomUUID()}@contoso.example`;
    const before = await anAccount(db, { address, removedAt: undefined });
    const message = aMessage();
    await capture(before, message);
    await db.updateTable('accounts').set({ removedAt: new Date() }).where('id', '=', before).execute();
    const after = await anAccount(db, { address });
    expect(await capture(after, message)).toMatchObject({ captured: 0, known: 1 });
    expect(await itemsOf(before, after)).toHaveLength(1);
  });

  it('is recognised in a mailbox that two accounts read at the same time, whichever writes first', async () => {
    const inboxId = `inbox ${randomUUID()}`;
    const accounts = [await anAccount(db, { inboxId }), await anAccount(db, { inboxId })] as const;
    const messages = Array.from({ length: 10 }, () => aMessage());
    const page = (accountId: string) => capture(accountId, ...messages.map((message) => again(message)));
    // Whoever writes waits here, after it has looked for what is the same.
    const pages = await db.transaction().execute(async (trx) => {
      await sql`lock table items in share mode`.execute(trx);
      const under = Promise.all(accounts.map(page));
      await eventually(async () => expect(await waitingForLocks()).toBeGreaterThanOrEqual(2));
      return { under };
    });
    await pages.under;
    expect(await itemsOf(...accounts)).toHaveLength(10);
  });

  it('is recognised whatever white space the import made of the body, and whether the address is in capitals or not', async () => {
    const accountId = await anAccount(db);
    const message = aMessage({ bodyHtml: '<p>One\r\ntwo</p>' });
    await capture(accountId, message);
    const copy = again(message, { bodyHtml: '<p>One two</p>\n', from: { address: 'ADA@example.org' } });
    expect(await capture(accountId, copy)).toMatchObject({ captured: 0 });
  });

  it('is recognised when the list of its attachments cannot be read this time', async () => {
    const accountId = await anAccount(db);
    const message = aMessage({ hasAttachments: true, attachments: [anAttachment] });
    await capture(accountId, message);
    expect(await capture(accountId, again(message, { attachments: [] }))).toMatchObject({ captured: 0 });
  });
});

describe('a mail whose content was deleted', () => {
  const deleteContent = (accountId: string) => db.deleteFrom('messages').where('accountId', '=', accountId).execute();

  it('is not captured again under its own id, and its item stays', async () => {
    const accountId = await anAccount(db);
    const message = aMessage();
    await capture(accountId, message);
    await deleteContent(accountId);
    expect(await capture(accountId, message)).toMatchObject({ captured: 0, known: 1 });
    const [item, ...others] = await itemsOf(accountId);
    expect(others).toEqual([]);
    const found = await findItem(db, item?.id ?? '');
    expect(found).toMatchObject({ item: { subject: '', contentDeletedAt: expect.any(Date) }, message: undefined });
    expect(await findInLedger(db, accountId, [message.graphId])).toEqual(new Map([[message.graphId, true]]));
  });

  it('is not written again by a worker of an earlier release, which knows messages alone', async () => {
    const accountId = await anAccount(db);
    const message = aMessage();
    await capture(accountId, message);
    const writeAsBefore = (graphId: string) =>
      sql`
        insert into messages (account_id, graph_id, subject, recipients, received_at, body_text, importance, has_attachments)
        values (${accountId}, ${graphId}, 'Hello', '{}', now(), '', 'normal', false)
        on conflict (account_id, graph_id) do nothing
      `.execute(db);
    expect((await writeAsBefore(message.graphId)).numAffectedRows).toBe(0n);
    await deleteContent(accountId);
    expect((await writeAsBefore(message.graphId)).numAffectedRows).toBe(0n);
    const other = `AAk${randomUUID()}`;
    expect((await writeAsBefore(other)).numAffectedRows).toBe(1n);
    expect(await findKnownMessages(db, accountId, [other])).toEqual(new Set([other]));
  });

  it.each([
    ['as it was', {}],
    ['with other white space', { bodyHtml: '<p>Grüße  aus\n Köln</p> ' }],
    ['with its sender in capitals', { from: { address: 'ADA@example.org' } }],
    ['while its attachments cannot be listed', { attachments: [] }],
  ])('is recognised under another id %s', async (_how, changes) => {
    const accountId = await anAccount(db);
    const message = aMessage({ bodyHtml: '<p>Grüße aus Köln</p>', hasAttachments: true, attachments: [anAttachment] });
    await capture(accountId, message);
    await deleteContent(accountId);
    const copy = again(message, changes);
    expect(await capture(accountId, copy)).toMatchObject({ captured: 0, known: 1 });
    expect(await findKnownMessages(db, accountId, [copy.graphId])).toEqual(new Set([copy.graphId]));
  });

  it.each([
    ['another word', { bodyHtml: '<p>Hi you</p>' }],
    ['another subject', { subject: 'Hello!' }],
    ['another second of receipt', { receivedAt: new Date('2026-01-02T03:04:06Z') }],
    ['another attachment', { attachments: [{ ...anAttachment, size: 1_001 }] }],
  ])('is not taken for a mail with %s', async (_what, changes) => {
    const accountId = await anAccount(db);
    const message = aMessage({ hasAttachments: true, attachments: [anAttachment] });
    await capture(accountId, message);
    await deleteContent(accountId);
    expect(await capture(accountId, again(message, changes))).toMatchObject({ captured: 1 });
  });

  it('is recognised when its account was removed and connected again', async () => {
    const address = `${randomUUID()}@contoso.example`;
    const before = await anAccount(db, { address });
    const message = aMessage();
    await capture(before, message);
    await db.updateTable('accounts').set({ removedAt: new Date() }).where('id', '=', before).execute();
    await deleteContent(before);
    expect(await capture(await anAccount(db, { address }), message)).toMatchObject({ captured: 0, known: 1 });
  });

  it('is counted as captured', async () => {
    const accountId = await anAccount(db);
    await capture(accountId, aMessage(), aMessage());
    const one = db.selectFrom('messages').select('id').where('accountId', '=', accountId).limit(1);
    await db.deleteFrom('messages').where('id', 'in', one).execute();
    expect(await countCapturedSince(db, accountId, new Date('2026-01-02T03:04:05Z'))).toBe(2);
    expect(await countCapturedSince(db, accountId, new Date('2026-01-02T03:04:06Z'))).toBe(0);
  });
});

describe('mails that share a Message-ID', () => {
  it.each([
    ['another second of receipt', { receivedAt: new Date('2026-01-02T03:04:06Z') }],
    ['another sender', { from: { address: 'eve@example.org' } }],
    ['another subject', { subject: 'Hello!' }],
    ['another word in the body', { bodyHtml: '<p>Ho</p>' }],
    ['an attachment of another size', { hasAttachments: true, attachments: [{ ...anAttachment, size: 1_001 }] }],
    ['an attachment of another name', { hasAttachments: true, attachments: [{ ...anAttachment, name: 'scan2.pdf' }] }],
  ])('stay two with %s', async (_what, changes) => {
    const accountId = await anAccount(db);
    const message = aMessage({ hasAttachments: true, attachments: [anAttachment] });
    await capture(accountId, message);
    expect(await capture(accountId, again(message, changes))).toMatchObject({ captured: 1 });
  });

  it('stay two in two mailboxes', async () => {
    const message = aMessage();
    await capture(await anAccount(db), message);
    expect(await capture(await anAccount(db), message)).toMatchObject({ captured: 1 });
  });

  it('stay two when neither has one', async () => {
    const accountId = await anAccount(db);
    const message = aMessage({ internetMessageId: undefined });
    await capture(accountId, message);
    expect(await capture(accountId, again(message))).toMatchObject({ captured: 1 });
  });
});
