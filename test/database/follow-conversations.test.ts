import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { capturePage } from '../../database/capture/capture.ts';
import type { NewMessage } from '../../database/capture/message-insertion.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { addUser } from '../../database/people/users.ts';
import { parkItem } from '../../database/queues/park-items.ts';
import { createQueueExit } from '../../database/queues/queue-exit.ts';
import type { ConversationRule } from '../../domain/item-work.ts';
import { aMessage, anAccount, aQueue } from '../support/builders.ts';
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
const complete = (item: string) => exit().complete(item, { holder: agent }, id);
const park = (item: string) =>
  parkItem(db, item, { actor: agent, reason: 'customer', until: undefined, note: undefined }, id);
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
