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

describe('a process that stands still', () => {
  it('loses its shares to one in which Temporal places them', async () => {
    const still = new pg.Client({ connectionString: database.url });
    let isEvicted = false;
    still.on('error', () => {});
    still.on('end', () => {
      isEvicted = true;
    });
    await still.connect();
    const locks = createShareLocks(async (text, values) => (await still.query(text, values)).rows, SHARES);
    expect(await locks.take([2])).toEqual([2]);
    const other = aHolder();
    await holds(other, [0, 1, 3]);
    other.place(2, 100);
    await holds(other, ALL);
    expect(isEvicted).toBe(true);
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
