import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pauseAccount } from '../../database/account-life.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { holdMailbox } from '../../database/mailbox-budgets.ts';
import {
  leaseDueWatches,
  ringWatches,
  settleLooks,
  takeLook,
  wakeHindered,
  watchAgain,
} from '../../database/watches.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const POLL_MS = 20_000;
const intervals = { pollMs: POLL_MS, backstopMs: 600_000 };

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
});
beforeEach(async () => {
  await db.deleteFrom('watches').execute();
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

async function aWatchedAccount(account: Parameters<typeof anAccount>[1] = {}, dueAt = new Date(0)): Promise<string> {
  const id = await anAccount(db, account);
  await db.insertInto('watches').values({ accountId: id, dueAt }).execute();
  return id;
}
const lease = async () => (await leaseDueWatches(db, intervals, 1_000)).map(({ accountId }) => accountId);
const ended = (accountId: string, outcome: 'quiet' | 'found' | 'cut-short') =>
  settleLooks(db, [{ accountId, outcome, folder: null, version: null, link: null }]);
/** Seconds until the next look. */
const dueIn = async (id: string) =>
  (
    await db
      .selectFrom('watches')
      .select(sql<number>`extract(epoch from due_at - clock_timestamp())::float8`.as('seconds'))
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow()
  ).seconds;
const makeDue = (id: string) =>
  db
    .updateTable('watches')
    .set({ dueAt: new Date(0) })
    .where('accountId', '=', id)
    .execute();

describe('a mailbox that is due', () => {
  it('is looked at by one, however many ask, and by nobody else before that look has ended', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => aWatchedAccount()));
    const leased = (await Promise.all([lease(), lease(), lease()])).flat();
    expect(leased.sort()).toEqual(ids.sort());
    for (const id of ids) await makeDue(id);
    expect(await lease()).toEqual([]);
    await ended(ids[0] as string, 'found');
    expect(await lease()).toEqual([ids[0]]);
  });

  it('is looked at next before the interval is over, and not always at the same distance', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => aWatchedAccount()));
    await lease();
    const seconds = await Promise.all(ids.map(dueIn));
    expect(Math.max(...seconds)).toBeLessThan(POLL_MS / 1_000 - 1);
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(1);
  });

  it('is looked at again at once when a look was cut short, and not proved current', async () => {
    const id = await aWatchedAccount();
    await lease();
    await ended(id, 'cut-short');
    expect(await lease()).toEqual([id]);
    const { currentAt } = await db
      .selectFrom('watches')
      .select('currentAt')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    expect(currentAt).toBeNull();
  });

  it('is not looked at while its account is paused, also when it was made due by mistake', async () => {
    const id = await aWatchedAccount();
    await pauseAccount(db, id, 'cli');
    await makeDue(id);
    expect(await lease()).toEqual([]);
    expect(await dueIn(id)).toBe(Number.POSITIVE_INFINITY);
    await watchAgain(db, id, 0);
    expect(await dueIn(id)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not looked at while a command asks in the place of a look', async () => {
    const id = await aWatchedAccount();
    expect(await takeLook(db, id)).toBe(true);
    expect(await lease()).toEqual([]);
    expect(await takeLook(db, id)).toBe(false);
    await ended(id, 'found');
    expect(await lease()).toEqual([id]);
    expect(await takeLook(db, id)).toBe(false);
  });
});

describe('a quiet mailbox', () => {
  const quietSince = { authenticatedAt: new Date(Date.now() - 2 * 3_600_000) };

  it('is looked at as often as any other, unless an administrator allows it to rest', async () => {
    const id = await aWatchedAccount({ ...quietSince, restsWhenQuiet: false });
    await lease();
    expect(await dueIn(id)).toBeLessThan(POLL_MS / 1_000);
  });

  it('is looked at less often where that is allowed, until mail comes', async () => {
    const id = await aWatchedAccount({ ...quietSince, restsWhenQuiet: true });
    await lease();
    expect(await dueIn(id)).toBeGreaterThan(4 * (POLL_MS / 1_000));
    await ended(id, 'quiet');
    await db
      .updateTable('watches')
      .set({ mailAt: new Date(), dueAt: new Date(0) })
      .where('accountId', '=', id)
      .execute();
    await lease();
    expect(await dueIn(id)).toBeLessThan(POLL_MS / 1_000);
  });
});

describe('a doorbell', () => {
  it('makes a mailbox due within seconds, and leaves one alone that is being drained', async () => {
    const [waiting, drained] = [await aWatchedAccount(), await aWatchedAccount()];
    await lease();
    await Promise.all([ended(waiting, 'quiet'), ended(drained, 'found')]);
    await holdMailbox(db, drained, { holder: crypto.randomUUID(), leaseMs: 30_000 });
    await ringWatches(db, [waiting, drained]);
    expect(await dueIn(waiting)).toBeLessThan(3);
    expect(await dueIn(drained)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('accounts that wait for the settings', () => {
  it('are due at once when these are saved, and no others', async () => {
    const later = new Date(Date.now() + 60_000);
    const waiting = await aWatchedAccount({ conditionType: 'SettingsRejected' }, later);
    const throttled = await aWatchedAccount({ conditionType: 'Throttled' }, later);
    await wakeHindered(db, 'SettingsRejected');
    expect(await lease()).toEqual([waiting]);
    expect(await dueIn(throttled)).toBeGreaterThan(50);
  });
});
