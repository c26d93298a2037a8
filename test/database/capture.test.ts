import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { capturePage, type Page } from '../../database/capture/capture.ts';
import { listQuarantine } from '../../database/capture/quarantine-reads.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { openCursor } from '../../database/ingest/cursors.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
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

async function aPage(accountId: string, page: Partial<Page> = {}): Promise<Page> {
  const { version } = await openCursor(db, accountId, 'inbox');
  const messages = page.messages ?? [aMessage()];
  return {
    accountId,
    folder: 'inbox',
    origin: 'walk',
    step: { version, link: `link after ${version}`, complete: false, entries: messages.length },
    rejected: [],
    ...page,
    messages,
  };
}

const itemsOf = (accountId: string) =>
  db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .where('items.accountId', '=', accountId)
    .select(['graphId', 'subject', 'bodyText', 'queueId', 'decision', 'headers'])
    .execute();

describe('capturing a page', () => {
  it('writes messages, items, attachments and the cursor together', async () => {
    const accountId = await anAccount(db);
    const message = aMessage({
      attachments: [
        {
          graphId: 'att',
          kind: 'file',
          name: 'a.pdf',
          contentType: 'application/pdf',
          size: 3_000_000_000,
          isInline: false,
          contentId: undefined,
        },
      ],
    });
    const outcome = await capturePage(db, await aPage(accountId, { messages: [message] }));
    expect(outcome).toEqual({ written: true, captured: 1, known: 0, skipped: 0, quarantined: 0 });
    expect(await itemsOf(accountId)).toMatchObject([{ graphId: message.graphId, subject: 'Hello' }]);
    expect(await openCursor(db, accountId, 'inbox')).toMatchObject({ link: 'link after 1', version: 2, walked: 1 });
    expect(await db.selectFrom('attachments').select('size').where('graphId', '=', 'att').execute()).toEqual([
      { size: 3_000_000_000 },
    ]);
  });

  it('counts all that a walk has told until its first end, over pages and turns, also what it captured nothing of', async () => {
    const accountId = await anAccount(db);
    const step = async (entries: number, complete: boolean) => {
      const { version } = await openCursor(db, accountId, 'inbox');
      const page = await aPage(accountId, { messages: [], step: { version, link: 'next', complete, entries } });
      await capturePage(db, page);
      const { walked, complete: isComplete } = await openCursor(db, accountId, 'inbox');
      return [walked, isComplete];
    };
    expect(await step(2_000, false)).toEqual([2_000, false]);
    expect(await step(2_900, false)).toEqual([4_900, false]);
    expect(await step(100, true)).toEqual([5_000, true]);
    // Changes that are told afterwards are no part of that walk.
    expect(await step(50, true)).toEqual([5_000, true]);
  });

  it('makes one item of a message that comes twice, in one page and in another', async () => {
    const accountId = await anAccount(db);
    const message = aMessage();
    await capturePage(db, await aPage(accountId, { messages: [message, { ...message, subject: 'again' }] }));
    const repeat = await capturePage(db, await aPage(accountId, { messages: [message] }));
    expect(repeat).toMatchObject({ captured: 0, known: 1 });
    expect(await itemsOf(accountId)).toHaveLength(1);
  });

  it('keeps apart messages whose ids differ by case alone', async () => {
    const accountId = await anAccount(db);
    const messages = [aMessage({ graphId: 'AAkALga' }), aMessage({ graphId: 'AAkALgA' })];
    expect(await capturePage(db, await aPage(accountId, { messages }))).toMatchObject({ captured: 2 });
  });

  it('lets one of two win that read the same page', async () => {
    const accountId = await anAccount(db);
    const page = await aPage(accountId, { messages: [aMessage(), aMessage()] });
    const outcomes = await Promise.all([capturePage(db, page), capturePage(db, page)]);
    expect(outcomes.filter(({ written }) => written)).toHaveLength(1);
    expect(outcomes).toContainEqual({ written: false, because: 'fenced' });
    expect(await itemsOf(accountId)).toHaveLength(2);
  });

  it('writes nothing for an account that is paused, not even the cursor', async () => {
    const accountId = await anAccount(db);
    const page = await aPage(accountId);
    await pauseAccount(db, accountId, 'test');
    expect(await capturePage(db, page)).toEqual({ written: false, because: 'not-enabled' });
    expect(await itemsOf(accountId)).toHaveLength(0);
    expect((await openCursor(db, accountId, 'inbox')).version).toBe(1);
  });

  it('skips what was received before the account was connected', async () => {
    const accountId = await anAccount(db, { captureFrom: new Date('2026-01-02T00:00:00Z') });
    const messages = [
      aMessage({ receivedAt: new Date('2026-01-01T23:59:59Z') }),
      aMessage({ receivedAt: new Date('2026-01-02T00:00:00Z') }),
    ];
    expect(await capturePage(db, await aPage(accountId, { messages }))).toMatchObject({ captured: 1, skipped: 1 });
  });

  it('skips what came during a pause when the account goes on "from now"', async () => {
    const accountId = await anAccount(db);
    await pauseAccount(db, accountId, 'test');
    await resumeAccount(db, accountId, { actor: 'test', mode: 'from-now' });
    const messages = [aMessage({ receivedAt: new Date(Date.now() - 5_000) }), aMessage({ receivedAt: new Date() })];
    expect(await capturePage(db, await aPage(accountId, { messages }))).toMatchObject({ captured: 1, skipped: 1 });
  });

  it('routes by the rules as they are at that moment, and remembers why', async () => {
    const [first, second, fallback] = [await aQueue(db), await aQueue(db), await aQueue(db)];
    const accountId = await anAccount(db, { defaultQueueId: fallback, routingVersion: 4 });
    await db
      .insertInto('rules')
      .values([
        { accountId, position: 2, queueId: second, keywords: ['invoice'] },
        { accountId, position: 1, queueId: first, keywords: ['refund', 'Rückzahlung'] },
      ])
      .execute();
    const messages = [
      aMessage({ subject: 'REFUND of invoice' }),
      aMessage({ subject: 'Invoice 5' }),
      aMessage({ subject: '' }),
    ];
    await capturePage(db, await aPage(accountId, { messages }));
    const bySubject = new Map((await itemsOf(accountId)).map((item) => [item.subject, item]));
    expect(bySubject.get('REFUND of invoice')).toMatchObject({
      queueId: first,
      decision: { by: 'rule', position: 1, keyword: 'refund', version: 4 },
    });
    expect(bySubject.get('Invoice 5')).toMatchObject({ queueId: second, decision: { keyword: 'invoice' } });
    expect(bySubject.get('')).toMatchObject({ queueId: fallback, decision: { because: 'no-subject' } });
  });

  it('does not lose a message over NUL bytes and lone surrogates, wherever they stand', async () => {
    const accountId = await anAccount(db);
    const evil = 'a\0b\uD800c';
    const message = aMessage({
      subject: evil,
      bodyText: evil,
      bodyHtml: evil,
      internetMessageId: evil,
      from: { name: evil, address: evil },
      recipients: { to: [{ name: evil, address: evil }], cc: [], bcc: [], replyTo: [] },
      headers: [{ name: evil, value: evil }],
    });
    expect(await capturePage(db, await aPage(accountId, { messages: [message] }))).toMatchObject({ captured: 1 });
    const mended = 'a\uFFFDb\uFFFDc';
    expect(await itemsOf(accountId)).toMatchObject([
      { subject: mended, bodyText: mended, headers: [{ name: mended, value: mended }] },
    ]);
  });

  it('parks the one message that PostgreSQL refuses, and captures the others of its page', async () => {
    const accountId = await anAccount(db);
    const refused = aMessage({
      attachments: [
        {
          graphId: 'att',
          kind: 'file',
          name: 'endless',
          contentType: undefined,
          size: 2 ** 70,
          isInline: false,
          contentId: undefined,
        },
      ],
    });
    const messages = [aMessage(), refused, aMessage()];
    const outcome = await capturePage(db, await aPage(accountId, { messages }));
    expect(outcome).toMatchObject({ written: true, captured: 2, quarantined: 1 });
    const parked = await db.selectFrom('quarantine').selectAll().where('accountId', '=', accountId).execute();
    expect(parked).toMatchObject([{ graphId: refused.graphId, reason: 'not-storable', state: 'parked', attempts: 1 }]);
  });

  it('releases from the quarantine what is captured after all, without moving the cursor', async () => {
    const accountId = await anAccount(db, { captureFrom: new Date('2026-06-01T00:00:00Z') });
    const message = aMessage();
    const rejected = [{ graphId: message.graphId, reason: 'unreadable' as const }];
    await capturePage(db, await aPage(accountId, { messages: [], rejected }));
    const { version } = await openCursor(db, accountId, 'inbox');
    const again = await capturePage(
      db,
      await aPage(accountId, { messages: [message], origin: 'retry', step: undefined }),
    );
    expect(again).toMatchObject({ captured: 1 });
    expect((await openCursor(db, accountId, 'inbox')).version).toBe(version);
    expect(
      await db.selectFrom('quarantine').select('state').where('graphId', '=', message.graphId).executeTakeFirst(),
    ).toEqual({ state: 'resolved' });
  });
});

describe('what is known of a message in quarantine', () => {
  const previewOf = async (accountId: string) =>
    (await listQuarantine(db, accountId, { resolved: true, limit: 10 })).map(({ preview }) => preview);
  const reject = async (accountId: string, rejected: Page['rejected']) =>
    await capturePage(db, await aPage(accountId, { messages: [], rejected }));

  it('is kept as it can be stored, also when a later attempt knows less, until the message is captured', async () => {
    const accountId = await anAccount(db);
    const preview = { subject: `A\0B ${'x'.repeat(2_000)}`, text: 'half \uD800' };
    await reject(accountId, [{ graphId: 'AAkpreview', reason: 'unreadable', preview }]);
    await reject(accountId, [{ graphId: 'AAkpreview', reason: 'unreadable' }]);
    const [kept] = await previewOf(accountId);
    expect(kept?.subject).toMatch(/^A\uFFFDB x+$/);
    expect(kept?.subject).toHaveLength(500);
    expect(kept?.text).toBe('half \uFFFD');
    await capturePage(db, await aPage(accountId, { messages: [aMessage({ graphId: 'AAkpreview' })] }));
    expect(await previewOf(accountId)).toEqual([null]);
  });
});
