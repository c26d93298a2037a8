import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { createShareLocks } from '../../database/ingest/share-locks.ts';
import { pollAfter } from '../../database/ingest/watches.ts';
import { shareOf } from '../../domain/reader-share.ts';
import { holdShares, type ShareHolder } from '../../worker/share-holder.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const SHARES = 4;
const ALL = [0, 1, 2, 3];
const PATIENCE = { timeoutMs: 15_000, intervalMs: 20 };

let database: TestDatabase;
let db: Database;
const holders = new Set<ShareHolder>();

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 2, applicationName: 'test' });
});
afterEach(async () => {
  await Promise.all([...holders].map((holder) => holder.stop()));
  holders.clear();
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

/** A process that holds shares. */
function aHolder({ name = 'holder', url = database.url } = {}) {
  const changes: number[][] = [];
  const notices: string[] = [];
  const holder = holdShares({
    url,
    applicationName: name,
    shares: SHARES,
    logger: pino({ level: 'silent' }),
    onChange: (held) => changes.push([...held].sort()),
    onNotice: (accountId) => notices.push(accountId),
  });
  holders.add(holder);
  return { ...holder, changes, notices, now: () => [...holder.held()].sort() };
}
const holds = (holder: { now(): number[] }, shares: number[]) =>
  eventually(() => expect(holder.now()).toEqual(shares), PATIENCE);
const asRoot = async (sql: string) => {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
};

describe('shares without Temporal', () => {
  it('are all taken by the one process there is, and by the next when it ends', async () => {
    const first = aHolder();
    await holds(first, ALL);
    const second = aHolder();
    await sleep(0);
    expect(second.now()).toEqual([]);
    await first.stop();
    expect(first.now()).toEqual([]);
    await holds(second, ALL);
  });

  it('are never held twice by processes that start together', async () => {
    const crowd = [aHolder(), aHolder(), aHolder()];
    await eventually(() => {
      const held = crowd.flatMap((holder) => holder.now());
      expect(held.sort()).toEqual(ALL);
    }, PATIENCE);
  });

  it('are lost with the connection, at once, and taken again', async () => {
    const holder = aHolder({ name: 'broken' });
    await holds(holder, ALL);
    await asRoot("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'broken'");
    await eventually(() => expect(holder.changes).toContainEqual([]), { timeoutMs: 2_000, intervalMs: 10 });
    await holds(holder, ALL);
  });
});

describe('a share that Temporal places', () => {
  it('is given up by the process that holds it without being asked to', async () => {
    const first = aHolder();
    await holds(first, ALL);
    const second = aHolder();
    second.place(1, 100);
    await holds(second, [1]);
    await holds(first, [0, 2, 3]);
  });

  it('stays where it was placed later', async () => {
    const first = aHolder();
    await holds(first, ALL);
    first.place(1, 200);
    const second = aHolder();
    const stale = second.place(1, 100);
    second.place(2, 100);
    await holds(second, [2]);
    await sleep(300);
    expect(stale.isHeld()).toBe(false);
    expect(first.now()).toEqual([0, 1, 3]);
  });

  it('is kept when the placement ends, until another process asks', async () => {
    const first = aHolder();
    const placement = first.place(3, 100);
    await holds(first, ALL);
    placement.end();
    const second = aHolder();
    second.place(3, 50);
    await holds(second, [3]);
    expect(first.now()).toEqual([0, 1, 2]);
  });
});

/** A process's session that does nothing by itself. */
async function aSession() {
  const client = new pg.Client({ connectionString: database.url });
  let isEvicted = false;
  client.on('error', () => {});
  client.on('end', () => {
    isEvicted = true;
  });
  await client.connect();
  const locks = createShareLocks(async (text, values) => (await client.query(text, values)).rows, SHARES);
  await locks.join();
  return { locks, isEvicted: () => isEvicted, end: () => client.end() };
}

describe('a process that stands still', () => {
  it('loses its shares to one in which Temporal places them, and a busy one that answers late does not', async () => {
    const [still, busy] = [await aSession(), await aSession()];
    expect([await still.locks.take([2]), await busy.locks.take([1])]).toEqual([[2], [1]]);
    const other = aHolder();
    other.join();
    await holds(other, [0, 3]);
    await eventually(() => expect(other.fairShare()).toBe(2), PATIENCE);
    for (const share of [1, 2]) other.place(share, 100);
    const startedAt = performance.now();
    for (; performance.now() - startedAt < 10_000; await sleep(1_000)) await busy.locks.look();
    expect([still.isEvicted(), busy.isEvicted(), other.now()]).toEqual([true, false, [0, 2, 3]]);
    await busy.end();
    await holds(other, ALL);
    await eventually(() => expect(other.fairShare()).toBe(4), PATIENCE);
  });

  it('does not count as one among which the shares are divided', async () => {
    const [still, first] = [await aSession(), aHolder()];
    first.join();
    await eventually(() => expect(first.fairShare()).toBe(2), PATIENCE);
    await eventually(() => expect(first.fairShare()).toBe(4), PATIENCE);
    expect(still.isEvicted()).toBe(false);
    await still.end();
  });
});

describe('a process of an earlier release, which answers in more words', () => {
  it('gets and gives shares, and does not lose what it only says that it keeps', async () => {
    const old = new pg.Client({ connectionString: database.url });
    await old.connect();
    const locks = createShareLocks(async (text, values) => (await old.query(text, values)).rows, SHARES);
    await locks.begin();
    await locks.take([1]);
    old.on('notification', ({ payload = '' }) => {
      if (payload.startsWith('want 1')) void locks.release(1).then(() => locks.say('given 1'));
    });
    const present = aHolder();
    await holds(present, [0, 2, 3]);
    const before = present.changes.length;
    await locks.say('join');
    await locks.say('keep 2 300');
    present.place(1, 100);
    await holds(present, ALL);
    await locks.say('want 3 300');
    await eventually(async () => expect(await locks.take([3])).toEqual([3]), PATIENCE);
    expect(present.changes.slice(before)).toEqual([ALL, [0, 1, 2]]);
    await old.end();
  });
});

describe('processes in which Temporal places shares', () => {
  it('end the placements beyond their fair share when another one joins, and take them back when it ends', async () => {
    const first = aHolder();
    first.join();
    await holds(first, ALL);
    const placements = ALL.map((share) => first.place(share, 100));
    const toMove = () => placements.filter((placement) => placement.isToMove()).length;
    expect([first.fairShare(), toMove()]).toEqual([4, 0]);
    const second = aHolder();
    second.join();
    await eventually(() => expect([first.fairShare(), second.fairShare(), toMove()]).toEqual([2, 2, 2]), PATIENCE);
    for (const placement of placements.filter(({ isToMove }) => isToMove())) placement.end();
    expect(toMove()).toBe(0);
    await second.stop();
    await eventually(() => expect(first.fairShare()).toBe(4), PATIENCE);
  });
});

describe.runIf(hasPgBouncer)('through PgBouncer that pools sessions', () => {
  it('shares are held, asked for and given as without it', async () => {
    const bouncer = await startPgBouncer(inject('postgresUrl'), 'session');
    try {
      const url = bouncer.urlOf(database.url);
      const first = aHolder({ url });
      await holds(first, ALL);
      const second = aHolder({ url });
      second.place(1, 100);
      await holds(second, [1]);
      await second.stop();
      await holds(first, ALL);
      await first.stop();
    } finally {
      await bouncer.stop();
    }
  });
});

describe('a mailbox that becomes due', () => {
  it('wakes the process that holds its share, and no other', async () => {
    const first = aHolder();
    await holds(first, ALL);
    const id = await anAccount(db);
    await db.insertInto('watches').values({ accountId: id }).execute();
    const second = aHolder();
    second.place(shareOf(id, SHARES), 100);
    await holds(second, [shareOf(id, SHARES)]);
    await pollAfter(db, id, { event: 'drain-refused', delayMs: 0 });
    await eventually(() => expect(second.notices).toEqual([id]), PATIENCE);
    expect(first.notices).toEqual([]);
  });
});
