import { createHash, randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { capturePage } from '../../database/capture/capture.ts';
import type { NewMessage } from '../../database/capture/message-insertion.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { addUser } from '../../database/people/users.ts';
import { addNote } from '../../database/queues/item-notes.ts';
import {
  eraseSome,
  findErasure,
  hasWaitingErasure,
  listOpenErasures,
  type NewErasure,
  requestErasure,
} from '../../database/retention/erasures.ts';
import { liftHold, type NewHold, placeHold } from '../../database/retention/holds.ts';
import { findRetention, saveRetention } from '../../database/retention/periods.ts';
import { countDue, sweepSome } from '../../database/retention/sweep.ts';
import { type RetentionKind, retentionKinds } from '../../domain/retention.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
let accountId: string;
const nobody = { content: null, items: null, events: null, signIns: null, quarantine: null } as const;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 8, applicationName: 'test' });
});
beforeEach(async () => {
  accountId = await anAccount(db, { defaultQueueId: await aQueue(db) });
});
afterEach(async () => {
  await sql`truncate accounts, events, holds, erasures cascade`.execute(db);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const capture = (message: NewMessage) =>
  capturePage(db, { accountId, folder: 'inbox', origin: 'list', step: undefined, messages: [message], rejected: [] });

/** A mail that was captured, with an answer and a note; its item as it is `days` after its completion. */
async function anItem(
  message: Partial<NewMessage> = {},
  { days = 100, state = 'completed' as 'completed' | 'waiting', answer = 'sent' as const } = {},
) {
  const mail = aMessage({ bodyText: 'Please help', ...message });
  await capture(mail);
  const item = await db
    .selectFrom('items')
    .innerJoin('messages', 'messages.id', 'items.messageId')
    .select(['items.id', 'items.messageId'])
    .where('graphId', '=', mail.graphId)
    .executeTakeFirstOrThrow();
  const completed = { state, completedAt: sql<Date>`now() - ${days} * interval '1 day'` };
  if (state === 'completed') await db.updateTable('items').set(completed).where('id', '=', item.id).execute();
  await anAnswer(item.id, answer);
  await addNote(db, { itemId: item.id, accountId, author: 'cli', kind: 'note', text: 'Called', mentions: [] });
  return { ...item, mail };
}

async function anAnswer(itemId: string, state: 'sent' | 'scheduled' | 'draft') {
  const recipients = JSON.stringify({ to: [], cc: [], bcc: [] });
  const content = { recipients, subject: '', format: 'text' as const, body: 'Thank you', includesQuote: true };
  await db
    .insertInto('answers')
    .values({ itemId, accountId, kind: 'reply', author: `user:${randomUUID()}`, state, ...content })
    .execute();
}

const place = (hold: Omit<NewHold, 'reason'>) => placeHold(db, 'cli', { reason: 'Case 1', ...hold }) as Promise<string>;
const erase = (erasure: Omit<NewErasure, 'reason'>) => requestErasure(db, 'cli', { reason: 'Request 1', ...erasure });
const itemOf = (id: string) => db.selectFrom('items').selectAll().where('id', '=', id).executeTakeFirst();
const countOf = async (table: 'answers' | 'itemNotes', itemId: string) =>
  (await db.selectFrom(table).select('id').where('itemId', '=', itemId).execute()).length;

/** Sweeps until nothing is due. */
async function sweep(kind: RetentionKind, days: number): Promise<number> {
  let all = 0;
  for (let some = 1; some > 0; all += some) some = await sweepSome(db, kind, days);
  return all;
}

async function aQuarantined(sender: string): Promise<void> {
  const entry = { accountId, graphId: randomUUID(), folder: 'inbox', reason: 'unreadable', state: 'parked' as const };
  const preview = JSON.stringify({ from: { address: sender } });
  await db
    .insertInto('quarantine')
    .values({ ...entry, preview })
    .execute();
}

async function workOff(): Promise<void> {
  for (const id of await listOpenErasures(db)) while ((await eraseSome(db, id)) > 0);
}

describe('periods', () => {
  it('keep mail and history for ever until an administrator sets others, and refuse a version that is old', async () => {
    const { periods, version } = await findRetention(db);
    expect(periods).toEqual({ content: null, items: null, events: null, signIns: 90, quarantine: 90 });
    const shorter = { ...periods, content: 30 };
    expect(await saveRetention(db, 'cli', { periods: shorter, version })).toBe('saved');
    expect(await saveRetention(db, 'cli', { periods, version })).toBe('other-version');
    expect((await findRetention(db)).periods).toEqual(shorter);
  });
});

describe('the sweep', () => {
  it('deletes the mail of what was completed long enough ago, with its answers and notes, and keeps the item', async () => {
    const old = await anItem();
    const recent = await anItem({}, { days: 10 });
    const open = await anItem({ receivedAt: new Date('2020-01-01') }, { state: 'waiting' });
    expect(await countDue(db, { ...nobody, content: 30 })).toMatchObject({ content: 1 });
    expect(await sweep('content', 30)).toBe(1);
    expect(await itemOf(old.id)).toMatchObject({ messageId: null, state: 'completed' });
    expect([await countOf('answers', old.id), await countOf('itemNotes', old.id)]).toEqual([0, 0]);
    expect((await itemOf(recent.id))?.messageId).toBe(recent.messageId);
    expect((await itemOf(open.id))?.messageId).toBe(open.messageId);
    expect(await countDue(db, { ...nobody, content: 30 })).toMatchObject({ content: 0 });
  });

  it('does not let what it deleted come back, under its own id or another', async () => {
    const { mail } = await anItem();
    await sweep('content', 30);
    expect(await capture(mail)).toMatchObject({ captured: 0 });
    expect(await capture(aMessage({ ...mail, graphId: randomUUID() }))).toMatchObject({ captured: 0, known: 1 });
  });

  it('deletes completed items with their mail and history', async () => {
    const { id, mail } = await anItem();
    const event = { actor: 'cli', name: 'item.moved', targetId: id };
    await db.insertInto('events').values(event).execute();
    expect(await sweep('items', 30)).toBe(1);
    expect(await itemOf(id)).toBeUndefined();
    expect(await db.selectFrom('messages').select('id').where('graphId', '=', mail.graphId).execute()).toEqual([]);
    expect(await db.selectFrom('events').select('id').where('targetId', '=', id).execute()).toEqual([]);
    expect(await capture(mail)).toMatchObject({ captured: 0 });
  });

  it('leaves an item whose answer is on its way', async () => {
    const { id, messageId } = await anItem();
    await anAnswer(id, 'scheduled');
    expect(await sweep('content', 30)).toBe(0);
    expect((await itemOf(id))?.messageId).toBe(messageId);
  });

  it.each<[string, (item: { id: string; mail: NewMessage }) => Omit<NewHold, 'reason'>]>([
    ['everything', () => ({ scope: 'everything' })],
    ['its account', () => ({ scope: 'account', accountId })],
    ['its sender', ({ mail }) => ({ scope: 'sender', address: mail.from?.address?.toLowerCase() })],
    ['the item', ({ id }) => ({ scope: 'item', itemId: id })],
  ])('leaves what a hold of %s keeps, until it is lifted', async (_, holdOf) => {
    const item = await anItem({ from: { name: 'Mia', address: 'Mia.Holt@Fabrikam.example' } });
    const hold = await place(holdOf(item));
    expect(await countDue(db, { ...nobody, content: 30, items: 30 })).toMatchObject({ content: 0, items: 0 });
    expect([await sweep('content', 30), await sweep('items', 30)]).toEqual([0, 0]);
    expect((await itemOf(item.id))?.messageId).toBe(item.messageId);
    expect(await liftHold(db, 'cli', hold)).toBe(true);
    expect(await sweep('content', 30)).toBe(1);
  });

  it.each<[string, ReturnType<typeof sql>, (itemId: string) => Promise<unknown>]>([
    [
      'has ended with what a hold names before the hold is answered',
      sql`select pg_advisory_xact_lock_shared(hashtextextended('mailroom:retention', 0))`,
      (itemId) => place({ scope: 'item', itemId }),
    ],
    [
      'waits for a hold that is being placed',
      sql`select pg_advisory_xact_lock(hashtextextended('mailroom:retention', 0))`,
      () => sweep('content', 30),
    ],
  ])('%s', async (_name, lock, begin) => {
    const { id } = await anItem();
    let isOver = false;
    let waiting: Promise<unknown> = Promise.resolve();
    await db.transaction().execute(async (trx) => {
      await lock.execute(trx);
      waiting = begin(id).then(() => {
        isOver = true;
      });
      await eventually(async () => {
        const { rows } = await sql<{ waiting: number }>`select count(*) as waiting from pg_stat_activity
          where datname = current_database() and wait_event = 'advisory'`.execute(db);
        expect(rows[0]?.waiting).toBe(1);
      });
      expect(isOver).toBe(false);
    });
    await waiting;
    expect(isOver).toBe(true);
  });

  it('leaves an item whose answer another process is about to send', async () => {
    const { id } = await anItem();
    await db.transaction().execute(async (trx) => {
      await trx.selectFrom('answers').select('id').where('itemId', '=', id).forUpdate().execute();
      expect(await sweep('content', 30)).toBe(0);
    });
    expect(await sweep('content', 30)).toBe(1);
  });

  it('is kept from nothing by a hold of an item that there is not', async () => {
    expect(await place({ scope: 'item', itemId: randomUUID() })).toBeUndefined();
  });

  it('deletes old events, sign-ins and settled quarantine, and neither the last sign-in nor what is still tried', async () => {
    const old = new Date(Date.now() - 100 * 86_400_000);
    await db
      .insertInto('events')
      .values([
        { actor: 'cli', name: 'account.added', accountId, at: old },
        { actor: 'cli', name: 'item.moved', targetId: randomUUID(), at: old },
        { actor: 'cli', name: 'account.paused', accountId },
      ])
      .execute();
    const signIn = { accountId, nonce: '', codeVerifier: '', redirectUri: '', expiresAt: old };
    for (const day of [1, 2]) {
      const createdAt = new Date(old.getTime() + day);
      await db
        .insertInto('signIns')
        .values({ ...signIn, stateHash: Buffer.from(randomUUID()), createdAt })
        .execute();
    }
    for (const state of ['resolved', 'parked'] as const) {
      const entry = { accountId, graphId: randomUUID(), folder: 'inbox', reason: 'unreadable', lastAt: old, state };
      await db
        .insertInto('quarantine')
        .values({ ...entry, preview: null })
        .execute();
    }
    const due = await countDue(db, { ...nobody, events: 90, signIns: 90, quarantine: 90 });
    expect(due).toEqual({ content: 0, items: 0, events: 1, signIns: 1, quarantine: 1 });
    for (const kind of ['events', 'signIns', 'quarantine'] as const) expect(await sweep(kind, 90)).toBe(1);
    const left = await db.selectFrom('events').select('name').where('accountId', '=', accountId).execute();
    expect(left.map(({ name }) => name)).toEqual(['account.paused']);
    const quarantined = await db.selectFrom('quarantine').select('state').where('accountId', '=', accountId).execute();
    expect(quarantined).toEqual([{ state: 'parked' }]);
  });

  it('counts and deletes nothing of a kind that is kept for ever', async () => {
    await anItem();
    expect(await countDue(db, nobody)).toEqual(Object.fromEntries(retentionKinds.map((kind) => [kind, 0])));
  });

  it('shares the work between sweeps that run at the same time', async () => {
    for (let n = 0; n < 12; n++) await anItem();
    const counts = await Promise.all([1, 2, 3, 4].map(() => sweep('content', 30)));
    expect(counts.reduce((sum, count) => sum + count)).toBe(12);
  });
});

describe('an erasure', () => {
  const address = 'mia@fabrikam.example';

  it('deletes all mail of a sender, however it is written, completes what is open, and becomes a receipt', async () => {
    const open = await anItem({ from: { address: 'Mia@Fabrikam.example' } }, { state: 'waiting', answer: 'sent' });
    const done = await anItem({ from: { address } });
    const other = await anItem({ from: { address: 'mia@fabrikam.example.org' } });
    const lease = { state: 'claimed' as const, leaseExpiresAt: new Date(Date.now() + 60_000), joinedTo: done.id };
    await db.updateTable('items').set(lease).where('id', '=', open.id).execute();
    const userId = await addUser(db, 'cli', { email: 'agent@contoso.example', displayName: '', profile: 'Agent' });
    const senders = [address, 'mia@fabrikam.example.org'];
    await db
      .insertInto('imageSenders')
      .values(senders.map((each) => ({ userId, address: each })))
      .execute();
    for (const each of ['Mia@Fabrikam.example', 'mia@fabrikam.example.org']) await aQuarantined(each);
    const requested = await erase({ scope: 'sender', address });
    const { id } = requested as { id: string };
    expect(await erase({ scope: 'sender', address })).toEqual({ id });
    expect(await hasWaitingErasure(db)).toBe(true);
    await workOff();
    expect(await hasWaitingErasure(db)).toBe(false);
    const receipt = await findErasure(db, id);
    expect(receipt).toMatchObject({ messages: 2, answers: 2, notes: 2, itemsCompleted: 1, left: 0, address: null });
    expect(receipt?.finishedAt).toBeInstanceOf(Date);
    expect(receipt?.addressHint).toBe('m…@fabrikam.example');
    expect(receipt?.addressHash).toBe(createHash('sha256').update(`${id}${address}`).digest('hex'));
    expect(await itemOf(open.id)).toMatchObject({
      state: 'completed',
      messageId: null,
      leaseExpiresAt: null,
      joinedTo: null,
    });
    // Nor is the sender remembered beside the mail.
    expect(await db.selectFrom('imageSenders').select('address').execute()).toEqual([{ address: senders[1] }]);
    const previews = await db.selectFrom('quarantine').select('preview').orderBy('id').execute();
    expect(previews).toMatchObject([{ preview: null }, { preview: { from: { address: senders[1] } } }]);
    expect(await itemOf(done.id)).toMatchObject({ state: 'completed', messageId: null });
    expect((await itemOf(other.id))?.messageId).toBe(other.messageId);
    expect(await capture(open.mail)).toMatchObject({ captured: 0 });
    const rows = await sql<{ row: string }>`
      select erasures::text as row from erasures union all select details::text from events`.execute(db);
    expect(rows.rows.some(({ row }) => row.includes(address))).toBe(false);
  });

  it('is refused while a hold keeps any of it, and waits for one that comes later', async () => {
    const { id: itemId } = await anItem({ from: { address } });
    const first = await place({ scope: 'sender', address });
    expect(await erase({ scope: 'item', itemId })).toBe('held');
    await liftHold(db, 'cli', first);
    const { id } = (await erase({ scope: 'item', itemId })) as { id: string };
    const second = await place({ scope: 'account', accountId });
    await workOff();
    expect(await findErasure(db, id)).toMatchObject({ finishedAt: null, left: 1, held: 1, messages: 0 });
    expect(await hasWaitingErasure(db)).toBe(false);
    await liftHold(db, 'cli', second);
    expect(await hasWaitingErasure(db)).toBe(true);
    await workOff();
    expect(await findErasure(db, id)).toMatchObject({ left: 0, messages: 1 });
  });

  it('waits for an answer that is being sent', async () => {
    const { id: itemId } = await anItem();
    await anAnswer(itemId, 'scheduled');
    const { id } = (await erase({ scope: 'item', itemId })) as { id: string };
    await workOff();
    expect((await findErasure(db, id))?.finishedAt).toBeNull();
    await db.updateTable('answers').set({ state: 'sent' }).where('itemId', '=', itemId).execute();
    await workOff();
    expect(await findErasure(db, id)).toMatchObject({ messages: 1, answers: 2, left: 0 });
  });

  it('of an account takes its whole mail, and only once the account is removed', async () => {
    await anItem();
    await anItem();
    expect(await erase({ scope: 'account', accountId })).toBe('account-not-removed');
    await db.updateTable('accounts').set({ removedAt: new Date() }).where('id', '=', accountId).execute();
    const { id } = (await erase({ scope: 'account', accountId })) as { id: string };
    await aQuarantined(address);
    const signature = { owner: `account:${accountId}`, body: 'The service desk', updatedBy: 'cli' };
    await db
      .insertInto('signatures')
      .values([signature, { ...signature, owner: 'mailroom' }])
      .execute();
    await workOff();
    expect(await findErasure(db, id)).toMatchObject({ messages: 2, left: 0 });
    expect(await db.selectFrom('quarantine').select('id').execute()).toEqual([]);
    expect(await db.selectFrom('signatures').select('owner').execute()).toEqual([{ owner: 'mailroom' }]);
    await db.deleteFrom('signatures').execute();
  });

  it('is done when a sweep deleted its items before', async () => {
    const { id: itemId } = await anItem();
    const { id } = (await erase({ scope: 'item', itemId })) as { id: string };
    const hold = await place({ scope: 'item', itemId });
    await workOff();
    await liftHold(db, 'cli', hold);
    expect(await sweep('items', 30)).toBe(1);
    await workOff();
    expect((await findErasure(db, id))?.finishedAt).toBeInstanceOf(Date);
  });

  it('is worked off once by processes that try at the same time', async () => {
    for (let n = 0; n < 3; n++) await anItem({ from: { address } });
    const { id } = (await erase({ scope: 'sender', address })) as { id: string };
    await Promise.all([workOff(), workOff(), workOff()]);
    await workOff();
    expect(await findErasure(db, id)).toMatchObject({ messages: 3, answers: 3, left: 0 });
    const finished = await db.selectFrom('events').select('id').where('name', '=', 'erasure.finished').execute();
    expect(finished).toHaveLength(1);
  });
});
