import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturePage } from '../../database/capture/capture.ts';
import type { NewMessage } from '../../database/capture/message-insertion.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { addUser } from '../../database/people/users.ts';
import { findItem } from '../../database/queues/messages.ts';
import { parkItem } from '../../database/queues/park-items.ts';
import { createQueueExit } from '../../database/queues/queue-exit.ts';
import type { ConversationRule } from '../../domain/item-work.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
let agent: string;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
  agent = `user:${await addUser(db, 'cli', { email: 'ada@contoso.example', displayName: '', profile: 'Agent' })}`;
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

async function mailboxWith(conversations: ConversationRule) {
  const queueId = await aQueue(db);
  await db.updateTable('queues').set({ conversations }).where('id', '=', queueId).execute();
  const accountId = await anAccount(db, { defaultQueueId: queueId });
  const conversationId = `conversation ${randomUUID()}`;
  const received = (function* () {
    for (let minute = 0; ; minute += 1) yield new Date(Date.parse('2026-05-01T10:00:00Z') + minute * 60_000);
  })();
  const capture = async (...mails: readonly Partial<NewMessage>[]) => {
    const messages = mails.map((mail) =>
      aMessage({
        conversationId,
        receivedAt: received.next().value,
        ...mail,
      }),
    );
    const page = { accountId, folder: 'inbox', origin: 'list', step: undefined, messages, rejected: [] } as const;
    expect(await capturePage(db, page)).toMatchObject({ written: true });
  };
  const items = () =>
    db
      .selectFrom('items')
      .innerJoin('messages', 'messages.id', 'items.messageId')
      .select(['items.id', 'subject', 'state', 'joinedTo', 'assignedTo'])
      .where('items.accountId', '=', accountId)
      .orderBy('messages.receivedAt')
      .execute();
  return { queueId, accountId, capture, items };
}

const id = () => 'answered';
const exit = () => createQueueExit(db);
const claim = (item: string) => exit().claim(item, { holder: agent, leaseSeconds: 300 }, id);
const complete = (item: string, seenThrough?: string) => exit().complete(item, { holder: agent, seenThrough }, id);
const park = (item: string, seenThrough?: string) =>
  parkItem(db, item, { actor: agent, reason: 'customer', until: undefined, note: undefined, seenThrough }, id);
const newestOf = async (item: string) => (await findItem(db, item))?.item.newestMail ?? '';
/** How many transactions wait for another one. */
async function waiting(): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'
  `.execute(db);
  return rows[0]?.count ?? 0;
}
const idOf = (item: { readonly id: string } | undefined) => item?.id ?? '';

describe('a new mail of a known conversation', () => {
  it('is an item of its own where the queue has no other rule, and wakes the parked one for who parked it', async () => {
    const { capture, items } = await mailboxWith('separate');
    await capture({ subject: 'first' });
    await capture({ subject: 'second' });
    expect((await items()).map(({ state }) => state)).toEqual(['waiting', 'waiting']);
    await park(idOf((await items())[0]));
    await capture({ subject: 'third' }, { subject: 'elsewhere', conversationId: 'another' });
    expect(await items()).toMatchObject([
      { state: 'waiting', assignedTo: agent },
      { state: 'waiting' },
      { state: 'waiting', joinedTo: null },
      { state: 'waiting' },
    ]);
  });

  it.each([
    ['Auto-Submitted', 'auto-replied', 'parked'],
    ['Content-Type', 'multipart/report; report-type=delivery-status', 'waiting'],
  ])(
    'does not wake the parked one where it is automatic, unless it reports a failure: %s: %s',
    async (name, value, state) => {
      const { capture, items } = await mailboxWith('join');
      await capture({});
      await park(idOf((await items())[0]));
      await capture({ headers: [{ name, value }] });
      expect(await items()).toMatchObject([{ state }, { state: 'joined' }]);
    },
  );

  it('is joined to the open item by the rule, also in one page, and is completed with it', async () => {
    const { capture, items, queueId } = await mailboxWith('join');
    await capture({ subject: 'first' }, { subject: 'second' });
    const leader = idOf((await items())[0]);
    await claim(leader);
    await capture({ subject: 'third' });
    expect(await items()).toMatchObject([
      { state: 'claimed', joinedTo: null },
      { state: 'joined', joinedTo: leader },
      { state: 'joined', joinedTo: leader },
    ]);
    expect(await exit().claimNext({ queueId, holder: agent, leaseSeconds: 300 }, id)).toBeUndefined();
    expect(await claim(idOf((await items())[1]))).toEqual({ outcome: 'joined' });
    await complete(leader);
    expect((await items()).map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
    await capture({ subject: 'fourth' });
    expect((await items()).at(-1)).toMatchObject({ state: 'waiting', joinedTo: null });
  });

  it('opens the completed item again for who completed it, by the rule, and not after a month', async () => {
    const { capture, items } = await mailboxWith('reopen');
    await capture({ subject: 'first' });
    const leader = idOf((await items())[0]);
    await claim(leader);
    await complete(leader);
    await capture({ subject: 'second' });
    expect(await items()).toMatchObject([
      { state: 'waiting', assignedTo: agent },
      { state: 'joined', joinedTo: leader },
    ]);
    await claim(leader);
    await complete(leader);
    await db
      .updateTable('items')
      .set({ completedAt: new Date(Date.now() - 31 * 86_400_000) })
      .where('id', '=', leader)
      .execute();
    await capture({ subject: 'third' });
    expect((await items()).map(({ state }) => state)).toEqual(['completed', 'completed', 'waiting']);
  });

  it('is never joined to an item that is being completed: each mail waits, or was completed with what it was joined to', async () => {
    const { capture, items } = await mailboxWith('join');
    for (let round = 0; round < 8; round += 1) {
      await capture({ subject: `leader ${round}` });
      const leader = (await items()).findLast(({ state }) => state === 'waiting');
      await claim(idOf(leader));
      await Promise.all([capture({ subject: `beside ${round}` }), complete(idOf(leader))]);
      for (const left of (await items()).filter(({ state }) => state === 'waiting')) {
        await claim(left.id);
        await complete(left.id);
      }
    }
    expect(new Set((await items()).map(({ state }) => state))).toEqual(new Set(['completed']));
    expect(await items()).toHaveLength(16);
  });

  it('is stored once with one item, whatever the rule', async () => {
    const { accountId, capture, items } = await mailboxWith('reopen');
    const mail = aMessage({ conversationId: 'known', subject: 'again' });
    await capture({ subject: 'first', conversationId: 'known' });
    await capture(mail);
    await capture(mail);
    expect(await items()).toHaveLength(2);
    const { count } = await db
      .selectFrom('captured')
      .where('accountId', '=', accountId)
      .select((select) => select.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(2);
  });
});

describe('a mail that comes while an agent finishes with its conversation', () => {
  it.each(['join', 'reopen'] as const)(
    'refuses the completion of what the agent has not seen, until it is seen: %s',
    async (rule) => {
      const { capture, items } = await mailboxWith(rule);
      await capture({ subject: 'first' });
      const leader = idOf((await items())[0]);
      await claim(leader);
      const seen = await newestOf(leader);
      expect(seen).toBe(leader);
      await capture({ subject: 'second' });
      const newest = idOf((await items())[1]);
      expect(await complete(leader, seen)).toMatchObject({
        outcome: 'new-mail',
        current: { state: 'claimed', newestMail: newest },
      });
      expect((await items()).map(({ state }) => state)).toEqual(['claimed', 'joined']);
      expect(await complete(leader, newest)).toMatchObject({ outcome: 'done' });
      expect(await complete(leader, seen)).toMatchObject({ outcome: 'done' });
      expect((await items()).map(({ state }) => state)).toEqual(['completed', 'completed']);
    },
  );

  it('leaves the completion alone where it waits by itself, but not the parking, which it would have ended', async () => {
    const { capture, items } = await mailboxWith('separate');
    await capture({ subject: 'first' }, { subject: 'elsewhere', conversationId: 'another' });
    const first = idOf((await items())[0]);
    await claim(first);
    const seen = await newestOf(first);
    await capture({ subject: 'absent', headers: [{ name: 'Auto-Submitted', value: 'auto-replied' }] });
    expect(await park(first, seen)).toMatchObject({ outcome: 'done' });
    await claim(first);
    await capture({ subject: 'second' });
    expect(await park(first, seen)).toMatchObject({ outcome: 'new-mail', current: { state: 'claimed' } });
    expect((await items())[0]).toMatchObject({ state: 'claimed' });
    expect(await complete(first, seen)).toMatchObject({ outcome: 'done' });
  });

  it.each(['separate', 'join'] as const)(
    'is waited for by the parking that began while it was written, and noticed: %s',
    async (rule) => {
      const { accountId, capture, items } = await mailboxWith(rule);
      await capture({ subject: 'first' });
      const first = idOf((await items())[0]);
      const seen = await newestOf(first);
      const graphId = `late ${randomUUID()}`;
      const written = Promise.withResolvers<void>();
      const held = Promise.withResolvers<void>();
      // Holds the capture in the middle of its statement: this row may become the same mail.
      const other = db.transaction().execute(async (trx) => {
        await trx.insertInto('captured').values({ accountId, graphId, receivedAt: new Date() }).execute();
        held.resolve();
        await written.promise;
        throw new Error('given up');
      });
      await held.promise;
      const captured = capture({ subject: 'second', graphId });
      await eventually(async () => expect(await waiting()).toBe(1));
      const parked = park(first, seen);
      await eventually(async () => expect(await waiting()).toBe(2));
      written.resolve();
      await expect(other).rejects.toThrow('given up');
      await captured;
      expect(await parked).toMatchObject({ outcome: 'new-mail' });
      expect((await items())[0]).toMatchObject({ state: 'waiting' });
    },
  );

  it.each([
    ['mail', 'complete', 'new-mail', ['claimed', 'joined']],
    ['mail', 'park', 'new-mail', ['claimed', 'joined']],
    ['agent', 'complete', 'done', ['completed', 'waiting']],
    ['agent', 'park', 'done', ['waiting', 'joined']],
  ] as const)(
    'is never completed or parked unseen where both wait for the same item: the %s before the other, %s',
    async (earlier, what, outcome, states) => {
      const { capture, items } = await mailboxWith('join');
      await capture({ subject: 'first' });
      const leader = idOf((await items())[0]);
      await claim(leader);
      const seen = await newestOf(leader);
      const release = Promise.withResolvers<void>();
      const locked = Promise.withResolvers<void>();
      const other = db.transaction().execute(async (trx) => {
        await trx.selectFrom('items').select('id').where('id', '=', leader).forUpdate().execute();
        locked.resolve();
        await release.promise;
      });
      await locked.promise;
      const step = () => (what === 'park' ? park : complete)(leader, seen);
      const mail = () => capture({ subject: 'second' });
      const first = earlier === 'mail' ? mail() : step();
      await eventually(async () => expect(await waiting()).toBe(1));
      const second = earlier === 'mail' ? step() : mail();
      await eventually(async () => expect(await waiting()).toBe(2));
      release.resolve();
      const results = await Promise.all([first, second, other]);
      expect(results[earlier === 'mail' ? 1 : 0]).toMatchObject({ outcome });
      expect((await items()).map(({ state }) => state)).toEqual(states);
    },
  );
});
