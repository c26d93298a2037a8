import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listItemEvents } from '../../database/accounts/events.ts';
import { insertMessages } from '../../database/capture/message-insertion.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { chooseAvailability, readAvailability, reportOpenPage } from '../../database/offers/availability.ts';
import { offerItems } from '../../database/offers/offer-items.ts';
import { acceptOffer, declineOffer, listOffers } from '../../database/offers/offers.ts';
import { endSessionsOf } from '../../database/people/listed-sessions.ts';
import { addSession } from '../../database/people/sessions.ts';
import { addUser, changeUser, removeUser } from '../../database/people/users.ts';
import { moveItem } from '../../database/queues/move-items.ts';
import { parkItem } from '../../database/queues/park-items.ts';
import { createQueueExit } from '../../database/queues/queue-exit.ts';
import type { QueueOffers } from '../../domain/offering.ts';
import { createRouter } from '../../domain/routing.ts';
import { startOffering } from '../../worker/offering.ts';
import { aKeyRing, aMessage, anAccount, aQueue } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { holdLocks } from '../support/hold-locks.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 12, applicationName: 'test' });
});
beforeEach(async () => {
  await db.updateTable('queues').set({ offers: null }).execute();
  await db.deleteFrom('offers').execute();
  await db.deleteFrom('agentAvailability').execute();
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const nothing = () => undefined;
const exit = () => createQueueExit(db);
const round = () => offerItems(db);

async function aRoutedQueue(mails: number, offers: QueueOffers = { timeoutSeconds: 30, allowsClaims: true }) {
  const queueId = await aQueue(db);
  await db
    .updateTable('queues')
    .set({ offers: JSON.stringify(offers) })
    .where('id', '=', queueId)
    .execute();
  const accountId = await anAccount(db, { defaultQueueId: queueId });
  const messages = Array.from({ length: mails }, (_, minute) =>
    aMessage({ receivedAt: new Date(Date.parse('2026-05-01T10:00:00Z') + minute * 60_000) }),
  );
  await insertMessages(db, accountId, messages, createRouter({ version: 1, defaultQueueId: queueId, rules: [] }));
  const items = await db
    .selectFrom('items')
    .select('id')
    .where('queueId', '=', queueId)
    .orderBy('receivedAt')
    .execute();
  return { queueId, accountId, items: items.map(({ id }) => id) };
}

/** Available, idle for so long. */
async function anAgent({ minutesIdle = 1, capacity = 1 } = {}): Promise<string> {
  const email = `${randomUUID()}@contoso.example`;
  const id = await addUser(db, 'cli', { email, displayName: '', profile: 'Agent' });
  await changeUser(db, 'cli', id, { capacity });
  await signIn(id);
  await chooseAvailability(db, id, 'available');
  await setOf(id, { idleSince: sql<Date>`now() - ${minutesIdle} * interval '1 minute'` });
  return id;
}
const signIn = async (userId: string) =>
  await addSession(db, aKeyRing(), { idHash: randomBytes(32), userId, providerSession: undefined });
async function setOf(userId: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  await db.updateTable('agentAvailability').set(values).where('userId', '=', userId).execute();
}
const offersOf = async (userId: string) => (await listOffers(db, userId)).map(({ item }) => item.id);
const offerOf = async (userId: string) => (await listOffers(db, userId))[0]?.id ?? '';
const accept = async (userId: string, offerId?: string) =>
  await acceptOffer(db, { userId, offerId: offerId ?? (await offerOf(userId)), leaseSeconds: 300 }, nothing);
const decline = async (userId: string, offerId?: string) =>
  await declineOffer(db, { userId, offerId: offerId ?? (await offerOf(userId)) }, nothing);
const stateOf = async (userId: string) => {
  const { state, because } = (await readAvailability(db, userId)) ?? {};
  return [state, because];
};
/** Lets the time of all open offers run out, as on the items that they keep. */
async function runOut(): Promise<void> {
  await db
    .updateTable('offers')
    .set({ expiresAt: sql`now() - interval '1 second'` })
    .where('outcome', 'is', null)
    .execute();
  await db
    .updateTable('items')
    .set({ assignedUntil: sql`now() - interval '1 second'` })
    .where('assignedUntil', 'is not', null)
    .execute();
}
const eventsOf = async (itemId: string) => (await listItemEvents(db, itemId, 50)).map(({ name }) => name).reverse();

describe('a round', () => {
  it('offers the oldest item to who has been idle longest, and keeps it from others', async () => {
    const { queueId, items } = await aRoutedQueue(3);
    const [short, long] = [await anAgent({ minutesIdle: 2 }), await anAgent({ minutesIdle: 9 })];
    expect(await round()).toEqual({ isUsed: true, offered: 2 });
    expect([await offersOf(long), await offersOf(short)]).toEqual([[items[0]], [items[1]]]);
    const other = await anAgent({ capacity: 0 });
    const holder = `user:${other}`;
    expect(await exit().claim(items[0] ?? '', { holder, leaseSeconds: 30 }, nothing)).toEqual({
      outcome: 'offered-to-other',
    });
    expect(await exit().claimNext({ queueId, holder, leaseSeconds: 30 }, ({ item }) => item.id)).toBe(items[2]);
  });

  it('changes nothing for queues that do not offer their items', async () => {
    const { queueId, items } = await aRoutedQueue(1);
    await db.updateTable('queues').set({ offers: null }).where('id', '=', queueId).execute();
    const agent = await anAgent();
    expect(await round()).toEqual({ isUsed: false, offered: 0 });
    expect(await offersOf(agent)).toEqual([]);
    expect(await exit().claim(items[0] ?? '', { holder: `user:${agent}`, leaseSeconds: 30 }, nothing)).toMatchObject({
      outcome: 'done',
    });
    expect(await eventsOf(items[0] ?? '')).toEqual([]);
  });

  it('leaves items in their order while nobody is available, may serve, or has room', async () => {
    await aRoutedQueue(2);
    const [away, disabled, none, limited] = [
      await anAgent(),
      await anAgent(),
      await anAgent({ capacity: 0 }),
      await anAgent(),
    ];
    await chooseAvailability(db, away, 'away');
    await changeUser(db, 'cli', disabled, { enabled: false });
    // Of no team that has the queue.
    await changeUser(db, 'cli', limited, { allQueues: false });
    expect(await round()).toEqual({ isUsed: true, offered: 0 });
    expect(await offersOf(none)).toEqual([]);
  });

  it('counts against the capacity what a person holds in any queue, and what is offered to the person', async () => {
    const agent = await anAgent({ capacity: 2 });
    const elsewhere = await aRoutedQueue(1);
    await db.updateTable('queues').set({ offers: null }).where('id', '=', elsewhere.queueId).execute();
    await exit().claim(elsewhere.items[0] ?? '', { holder: `user:${agent}`, leaseSeconds: 300 }, nothing);
    const { items } = await aRoutedQueue(3);
    await round();
    expect((await round()).offered).toBe(0);
    expect(await offersOf(agent)).toEqual([items[0]]);
    await accept(agent);
    expect((await round()).offered).toBe(0);
    await exit().complete(items[0] ?? '', { holder: `user:${agent}` }, nothing);
    expect((await round()).offered).toBe(1);
    expect(await offersOf(agent)).toEqual([items[1]]);
  });

  it('offers a woken item to whom it is kept for, and to no other', async () => {
    const { items } = await aRoutedQueue(1);
    const [keeper, other] = [await anAgent({ minutesIdle: 1 }), await anAgent({ minutesIdle: 9 })];
    const assignedUntil = sql<Date>`now() + interval '4 hours'`;
    await db
      .updateTable('items')
      .set({ assignedTo: `user:${keeper}`, assignedUntil })
      .where('id', '=', items[0] ?? '')
      .execute();
    await chooseAvailability(db, keeper, 'away');
    expect((await round()).offered).toBe(0);
    await chooseAvailability(db, keeper, 'available');
    await round();
    expect([await offersOf(keeper), await offersOf(other)]).toEqual([items, []]);
    // Declined by the one who knows it, it is for all.
    await decline(keeper);
    await round();
    expect(await offersOf(other)).toEqual(items);
  });

  it('does not offer what was given to a person by name', async () => {
    const { items } = await aRoutedQueue(1);
    const agent = await anAgent();
    const move = { actor: 'cli', supervises: true, queueId: undefined, personId: agent, note: undefined };
    await moveItem(db, items[0] ?? '', move, nothing);
    expect((await round()).offered).toBe(0);
  });
});

describe('an offer', () => {
  it('is accepted once: the item is claimed, also when the answer is lost and the request is repeated', async () => {
    const { items } = await aRoutedQueue(1);
    const [agent, other] = [await anAgent({ minutesIdle: 9 }), await anAgent()];
    await round();
    const offerId = await offerOf(agent);
    expect(await accept(other, offerId)).toEqual({ outcome: 'no-such-offer' });
    expect(await accept(agent, offerId)).toMatchObject({ outcome: 'done' });
    expect(await accept(agent, offerId)).toMatchObject({ outcome: 'done' });
    expect(await decline(agent, offerId)).toEqual({ outcome: 'offer-ended' });
    await round();
    expect(await eventsOf(items[0] ?? '')).toEqual(['item.offered', 'item.offer-accepted']);
    expect((await readAvailability(db, agent))?.held).toBe(1);
  });

  it('counts as accepted when the person claims the item in another way', async () => {
    const { items, queueId } = await aRoutedQueue(1);
    const agent = await anAgent();
    await round();
    await exit().claimNext({ queueId, holder: `user:${agent}`, leaseSeconds: 300 }, nothing);
    expect(await offersOf(agent)).toEqual([]);
    await round();
    expect(await eventsOf(items[0] ?? '')).toEqual(['item.offered', 'item.offer-accepted']);
  });

  it('goes on to the next when it is declined, and comes back only after a while and when the others had it', async () => {
    const { items } = await aRoutedQueue(1);
    const [first, second] = [await anAgent({ minutesIdle: 9 }), await anAgent({ minutesIdle: 2 })];
    await round();
    expect(await decline(first)).toMatchObject({ outcome: 'done' });
    expect(await stateOf(first)).toEqual(['available', null]);
    await round();
    expect([await offersOf(first), await offersOf(second)]).toEqual([[], items]);
    await decline(second);
    expect((await round()).offered).toBe(0);
    await db.updateTable('offers').set({ endedAt: sql`now() - interval '2 minutes'` }).execute();
    await round();
    expect(await offersOf(first)).toEqual(items);
    await decline(first);
    await db.updateTable('offers').set({ endedAt: sql`now() - interval '2 minutes'` }).execute();
    await round();
    expect(await offersOf(second)).toEqual(items);
  });

  it('is missed when its time is over: the person is set away, and it goes on', async () => {
    const { items } = await aRoutedQueue(1);
    const [first, second] = [await anAgent({ minutesIdle: 9 }), await anAgent()];
    await round();
    const missed = await offerOf(first);
    await runOut();
    expect(await offersOf(first)).toEqual([]);
    expect(await accept(first, missed)).toEqual({ outcome: 'offer-ended' });
    await round();
    expect(await stateOf(first)).toEqual(['away', 'missed']);
    expect(await offersOf(second)).toEqual(items);
    expect(await eventsOf(items[0] ?? '')).toEqual(['item.offered', 'item.offer-missed', 'item.offered']);
  });

  it('can be claimed by others once its time is over, even while no worker runs', async () => {
    const { items } = await aRoutedQueue(1);
    const [first, second] = [await anAgent({ minutesIdle: 9 }), await anAgent()];
    await round();
    await runOut();
    const claim = { holder: `user:${second}`, leaseSeconds: 300 };
    expect(await exit().claim(items[0] ?? '', claim, nothing)).toMatchObject({ outcome: 'done' });
    await round();
    expect(await offersOf(first)).toEqual([]);
    expect((await exit().claim(items[0] ?? '', { ...claim, holder: `user:${first}` }, nothing)).outcome).toBe(
      'claimed-by-other',
    );
  });

  it.each([
    ['the person goes away', async (agent: string) => await chooseAvailability(db, agent, 'away')],
    ['the person signs out everywhere', async (agent: string) => await endSessionsOf(db, 'cli', { userId: agent })],
    ['the person is disabled', async (agent: string) => void (await changeUser(db, 'cli', agent, { enabled: false }))],
    [
      'the person no longer sees the queue',
      async (agent: string) => void (await changeUser(db, 'cli', agent, { allQueues: false })),
    ],
    ['the person is removed', async (agent: string) => void (await removeUser(db, 'cli', agent))],
  ])('is withdrawn when %s, and goes on before its time is over', async (_when, leave) => {
    const { items } = await aRoutedQueue(1);
    const [first, second] = [await anAgent({ minutesIdle: 9 }), await anAgent()];
    await round();
    const offerId = await offerOf(first);
    await leave(first);
    expect(await offersOf(first)).toEqual([]);
    expect(await accept(first, offerId)).toEqual({ outcome: 'offer-ended' });
    await round();
    expect(await offersOf(second)).toEqual(items);
    expect(await eventsOf(items[0] ?? '')).toEqual(['item.offered', 'item.offer-withdrawn', 'item.offered']);
  });

  it('ends without blame when a supervisor moves the item, or the queue offers no more', async () => {
    const { items, queueId } = await aRoutedQueue(2);
    const agent = await anAgent({ capacity: 2 });
    await round();
    const elsewhere = await aQueue(db);
    const move = { actor: 'cli', supervises: true, queueId: elsewhere, personId: undefined, note: undefined };
    expect(await moveItem(db, items[0] ?? '', move, nothing)).toMatchObject({ outcome: 'done' });
    expect(await offersOf(agent)).toEqual([items[1]]);
    await db.updateTable('queues').set({ offers: null }).where('id', '=', queueId).execute();
    await round();
    expect([await offersOf(agent), await stateOf(agent)]).toEqual([[], ['available', null]]);
    const open = await db.selectFrom('offers').select('id').where('outcome', 'is', null).execute();
    expect(open).toEqual([]);
    const holder = `user:${await anAgent()}`;
    expect((await exit().claim(items[1] ?? '', { holder, leaseSeconds: 30 }, nothing)).outcome).toBe('done');
  });
});

describe('where agents do not claim by hand', () => {
  it('only what is offered, kept or already theirs is taken', async () => {
    const { items, queueId } = await aRoutedQueue(2, { timeoutSeconds: 30, allowsClaims: false });
    const [agent, other] = [await anAgent({ minutesIdle: 9 }), await anAgent({ capacity: 0 })];
    await round();
    const [offered = '', second = ''] = items;
    const holder = `user:${agent}`;
    const claim = { holder, leaseSeconds: 300 };
    expect(await exit().claim(second, claim, nothing)).toEqual({ outcome: 'offered-only' });
    expect(await exit().complete(second, { holder, claims: true }, nothing)).toEqual({ outcome: 'offered-only' });
    const parking = { actor: holder, reason: 'customer', until: undefined, note: undefined } as const;
    expect(await parkItem(db, second, parking, nothing)).toEqual({ outcome: 'offered-only' });
    expect(await exit().claimNext({ ...claim, queueId, holder: `user:${other}` }, nothing)).toBeUndefined();
    expect(await accept(agent)).toMatchObject({ outcome: 'done' });
    expect(await parkItem(db, offered, parking, nothing)).toMatchObject({ outcome: 'done' });
    expect(await exit().claim(offered, claim, nothing)).toMatchObject({ outcome: 'done' });
  });
});

describe('a person', () => {
  it.each([
    ['closed', { seenAt: sql<Date>`now() - interval '3 minutes'` }],
    ['idle', { activeAt: sql<Date>`now() - interval '16 minutes'` }],
  ] as const)('is away when the page is %s, and stays so until the next choice', async (because, values) => {
    await aRoutedQueue(1);
    const agent = await anAgent();
    await setOf(agent, values);
    // Also before any worker has written it down.
    expect(await stateOf(agent)).toEqual(['away', because]);
    await reportOpenPage(db, agent, 0);
    expect(await stateOf(agent)).toEqual(['away', because]);
    expect((await round()).offered).toBe(0);
    await chooseAvailability(db, agent, 'available');
    expect((await round()).offered).toBe(1);
  });

  it('stays available while a page reports a person who does something', async () => {
    const agent = await anAgent();
    await setOf(agent, {
      seenAt: sql<Date>`now() - interval '2 minutes'`,
      activeAt: sql<Date>`now() - interval '14 minutes'`,
    });
    await reportOpenPage(db, agent, 5);
    await aRoutedQueue(1);
    expect((await round()).offered).toBe(1);
    // Another page, on which nothing happens, does not take that away.
    await reportOpenPage(db, agent, 86_400);
    expect(await stateOf(agent)).toEqual(['available', null]);
  });

  it('is idle from when the last item was completed', async () => {
    const { items } = await aRoutedQueue(3);
    const [first, second] = [await anAgent({ minutesIdle: 9 }), await anAgent({ minutesIdle: 5 })];
    await round();
    await accept(first);
    await accept(second);
    await exit().complete(items[1] ?? '', { holder: `user:${second}` }, nothing);
    await exit().complete(items[0] ?? '', { holder: `user:${first}` }, nothing);
    await round();
    expect(await offersOf(second)).toEqual([items[2]]);
  });
});

describe('a worker', () => {
  it('offers within a second of a mail, of a person who becomes available, and of a completion', async () => {
    const { queueId, accountId } = await aRoutedQueue(0);
    const stop = startOffering(db, { url: database.url, applicationName: 'test-offers' }, pino({ enabled: false }));
    try {
      const agent = await anAgent({ capacity: 1 });
      const offered = async (since: () => Promise<unknown>) => {
        await since();
        const began = performance.now();
        await eventually(async () => expect(await offersOf(agent)).toHaveLength(1));
        // By a notice: the round without one comes after a second.
        expect(performance.now() - began).toBeLessThan(1_000);
      };
      const router = createRouter({ version: 1, defaultQueueId: queueId, rules: [] });
      await offered(() => insertMessages(db, accountId, [aMessage(), aMessage()], router));
      await chooseAvailability(db, agent, 'away');
      await eventually(async () => expect(await offersOf(agent)).toEqual([]));
      await offered(() => chooseAvailability(db, agent, 'available'));
      const [item = ''] = await offersOf(agent);
      await accept(agent);
      await offered(() => exit().complete(item, { holder: `user:${agent}` }, nothing));
    } finally {
      await stop();
    }
  });
});

describe('many at once', () => {
  it('workers, agents and claims by hand offer no item twice, exceed no capacity, and leave nothing stuck', async () => {
    const { items, queueId } = await aRoutedQueue(40);
    const agents = await Promise.all(Array.from({ length: 6 }, () => anAgent({ capacity: 3 })));
    const problems: string[] = [];
    let isOver = false;
    async function work(): Promise<void> {
      while (!isOver) {
        await round();
        const { rows } = await sql<{ userId: string }>`
          select user_id from offers join items on items.id = item_id and 'user:' || user_id = assigned_to
          where offers.outcome is null and items.state = 'waiting' group by user_id having count(*) + (
            select count(*) from items as held where held.state = 'claimed' and held.claimed_by = 'user:' || user_id
          ) > 3
        `.execute(db);
        problems.push(...rows.map(({ userId }) => `${userId} has more than three`));
      }
    }
    async function serve(userId: string): Promise<number> {
      let completed = 0;
      while (!isOver) {
        for (const { id, item } of await listOffers(db, userId)) {
          if (Math.random() < 0.2) await decline(userId, id);
          else if ((await accept(userId, id)).outcome === 'done') {
            const done = await exit().complete(item.id, { holder: `user:${userId}` }, nothing);
            if (done.outcome === 'done') completed += 1;
            else problems.push(`${item.id} was accepted and not held: ${done.outcome}`);
          }
        }
        const left = await db
          .selectFrom('items')
          .select('id')
          .where('queueId', '=', queueId)
          .where('state', '<>', 'completed')
          .execute();
        if (left.length === 0) isOver = true;
        // What all declined a moment ago comes back at once.
        await db
          .updateTable('offers')
          .set({ endedAt: sql`now() - interval '2 minutes'` })
          .where('outcome', '=', 'declined')
          .execute();
      }
      return completed;
    }
    const workers = [work(), work(), work()];
    const counts = await Promise.all(agents.map(serve));
    await Promise.all(workers);
    expect(problems).toEqual([]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(items.length);
    await round();
    expect(await db.selectFrom('offers').select('id').where('outcome', 'is', null).execute()).toEqual([]);
  });

  it('workers that are killed lose no item and show none to two persons, and of several who take one, one has it', async () => {
    const { items, queueId } = await aRoutedQueue(2);
    const agents = [await anAgent({ minutesIdle: 9 }), await anAgent({ minutesIdle: 5 })];
    const shown = async () => await Promise.all(agents.map(offersOf));
    const unlock = await lockEvents();
    const first = startWorker();
    // The offers are written and not committed.
    await eventually(async () => expect(await waitingForLock()).toBe(1), { timeoutMs: 10_000 });
    await kill(first);
    await unlock();
    expect(await shown()).toEqual([[], []]);

    const second = startWorker();
    await eventually(async () => expect(await shown()).toEqual([[items[0]], [items[1]]]), { timeoutMs: 10_000 });
    await kill(second);
    const missed = await offerOf(agents[0] ?? '');
    await runOut();
    expect(await shown()).toEqual([[], []]);
    const next = await anAgent();
    const third = startWorker();
    await eventually(async () => expect(await offersOf(next)).toEqual([items[0]]), { timeoutMs: 10_000 });
    await kill(third);
    expect(await Promise.all(agents.map(stateOf))).toEqual([
      ['away', 'missed'],
      ['away', 'missed'],
    ]);

    const taken = await Promise.all([
      accept(next),
      accept(next),
      accept(agents[0] ?? '', missed),
      exit().claim(items[0] ?? '', { holder: `user:${agents[1]}`, leaseSeconds: 30 }, nothing),
    ]);
    expect(taken.map(({ outcome }) => outcome === 'done')).toEqual([true, true, false, false]);
    const [one, two] = await Promise.all(
      agents.map((id) => exit().claimNext({ queueId, holder: `user:${id}`, leaseSeconds: 30 }, ({ item }) => item.id)),
    );
    expect([one, two].filter((id) => id === items[1])).toHaveLength(1);
  }, 45_000);

  const startWorker = () =>
    fork(join(import.meta.dirname, 'offering-process.ts'), [database.url], { execArgv: [], stdio: 'ignore' });

  async function kill(worker: ChildProcess): Promise<void> {
    worker.kill('SIGKILL');
    await once(worker, 'exit');
  }

  /** Nothing can be recorded until the returned function is called. */
  const lockEvents = () => holdLocks(db, (trx) => sql`lock table events in share mode`.execute(trx));

  async function waitingForLock(): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*) from pg_stat_activity where application_name = 'offering-process' and wait_event = 'relation'
    `.execute(db);
    return Number(rows[0]?.count);
  }
});
