import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pauseAccount } from '../../database/account-life.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import {
  type DueWatch,
  giveLookBack,
  type LookOutcome,
  leaseDueWatches,
  settleLooks,
  takeLook,
} from '../../database/looks.ts';
import { holdMailbox } from '../../database/mailbox-budgets.ts';
import { listenToNotices } from '../../database/notices.ts';
import { storeSubscription, supersedeSubscriptions } from '../../database/subscriptions.ts';
import { DUE_CHANNEL, resumeWatch, ringWatches, wakeHindered, watchAgain } from '../../database/watches.ts';
import { LOOK_LEASE_MS } from '../../domain/schedule.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const POLL_MS = 20_000;
const DAY_MS = 86_400_000;
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
const leased = new Map<string, DueWatch>();
const lease = async () => {
  const due = await leaseDueWatches(db, 1_000);
  for (const watch of due) leased.set(watch.accountId, watch);
  return due.map(({ accountId }) => accountId);
};
/** Ends the look that was leased last. */
const ended = async (accountId: string, outcome: LookOutcome, notBeforeMs = 0) => {
  const watch = leased.get(accountId);
  if (!watch) throw new Error('Nobody looks at this mailbox');
  await settleLooks(db, intervals, [{ ...watch, outcome, link: null, isChecked: false, notBeforeMs }]);
};
const aHold = (suspendsWatch: boolean) => ({ holder: crypto.randomUUID(), leaseMs: 30_000, suspendsWatch });
const subscribe = (accountId: string, notificationUrl = 'https://mailroom.example') =>
  storeSubscription(db, accountId, {
    id: crypto.randomUUID(),
    notificationUrl,
    expiresAt: new Date(Date.now() + DAY_MS),
    dueAt: new Date(Date.now() + DAY_MS),
    isNew: true,
    ceilingMinutes: undefined,
  });
const subscriptionOf = (accountId: string) =>
  db
    .selectFrom('subscriptions')
    .select(({ eb }) => [
      eb('dueAt', '<=', sql<Date>`now()`).$castTo<boolean>().as('isDue'),
      eb('expiresAt', '>', sql<Date>`now()`).$castTo<boolean>().as('counts'),
    ])
    .where('accountId', '=', accountId)
    .executeTakeFirstOrThrow();
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
    const looks = (await Promise.all([lease(), lease(), lease()])).flat();
    expect(looks.sort()).toEqual(ids.sort());
    for (const id of ids) await makeDue(id);
    expect(await lease()).toEqual([]);
    await ended(ids[0] as string, 'found');
    expect(await lease()).toEqual([ids[0]]);
  });

  it('is looked at next before the interval is over, and not always at the same distance', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => aWatchedAccount()));
    await lease();
    for (const id of ids) await ended(id, 'quiet');
    const seconds = await Promise.all(ids.map(dueIn));
    expect(Math.max(...seconds)).toBeLessThan(POLL_MS / 1_000 - 1);
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(1);
  });

  it('is looked at again when the lease of a look is over whose watcher died', async () => {
    const id = await aWatchedAccount();
    await lease();
    expect(await dueIn(id)).toBeLessThanOrEqual(LOOK_LEASE_MS / 1_000);
    await db
      .updateTable('watches')
      .set({ dueAt: new Date(0), lookingUntil: new Date(0) })
      .where('accountId', '=', id)
      .execute();
    expect(await lease()).toEqual([id]);
  });

  it('is not looked at before the time that a look has set, whoever rings', async () => {
    const id = await aWatchedAccount();
    await lease();
    await ended(id, 'found', 60_000);
    await ringWatches(db, [id]);
    expect(await dueIn(id)).toBeLessThan(1);
    expect(await lease()).toEqual([]);
    await db
      .updateTable('watches')
      .set({ notBefore: new Date(0) })
      .execute();
    expect(await lease()).toEqual([id]);
  });

  it('is not settled by a look that outlived its lease, but by who looks now', async () => {
    const id = await aWatchedAccount();
    await lease();
    const late = leased.get(id) ?? expect.fail('nobody looks');
    await db
      .updateTable('watches')
      .set({ dueAt: new Date(0), lookingUntil: new Date(0) })
      .where('accountId', '=', id)
      .execute();
    await lease();
    await settleLooks(db, intervals, [{ ...late, outcome: 'cut-short', link: null, isChecked: false, notBeforeMs: 0 }]);
    expect(await lease()).toEqual([]);
    await ended(id, 'cut-short');
    expect(await lease()).toEqual([id]);
  });

  it('is looked at after a drain that reached its end, whatever a look was told before', async () => {
    const id = await aWatchedAccount();
    await lease();
    await ended(id, 'found', 600_000);
    const hold = await holdMailbox(db, id, aHold(true));
    if (!hold.held) throw new Error('The mailbox is held');
    await resumeWatch(db, id, { startedAt: hold.startedAt, captured: false, intervals });
    await ringWatches(db, [id]);
    expect(await lease()).toEqual([id]);
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
    await giveLookBack(db, id);
    expect(await lease()).toEqual([id]);
    expect(await takeLook(db, id)).toBe(false);
  });
});

describe('a quiet mailbox', () => {
  const quietSince = { authenticatedAt: new Date(Date.now() - 2 * 3_600_000) };

  it('is looked at as often as any other, unless an administrator allows it to rest', async () => {
    const id = await aWatchedAccount({ ...quietSince, restsWhenQuiet: false });
    await lease();
    await ended(id, 'quiet');
    expect(await dueIn(id)).toBeLessThan(POLL_MS / 1_000);
  });

  it('is looked at less often where that is allowed, until mail comes', async () => {
    const id = await aWatchedAccount({ ...quietSince, restsWhenQuiet: true });
    await lease();
    await ended(id, 'quiet');
    expect(await dueIn(id)).toBeGreaterThan(4 * (POLL_MS / 1_000));
    await makeDue(id);
    await lease();
    await ended(id, 'captured');
    await makeDue(id);
    await lease();
    await ended(id, 'quiet');
    expect(await dueIn(id)).toBeLessThan(POLL_MS / 1_000);
  });
});

describe('a doorbell', () => {
  it('makes a mailbox due at once, and leaves one alone that is being drained', async () => {
    const [waiting, drained] = [await aWatchedAccount(), await aWatchedAccount()];
    await lease();
    await Promise.all([ended(waiting, 'quiet'), ended(drained, 'found')]);
    await holdMailbox(db, drained, aHold(true));
    await ringWatches(db, [waiting, drained]);
    expect(await lease()).toEqual([waiting]);
    expect(await dueIn(drained)).toBe(Number.POSITIVE_INFINITY);
    await ended(waiting, 'elsewhere');
    expect(await lease()).toEqual([waiting]);
  });

  it.each(['quiet', 'captured', 'found'] as const)(
    'during a look that ends %s makes the mailbox due again',
    async (outcome) => {
      const id = await aWatchedAccount();
      await lease();
      await ringWatches(db, [id]);
      expect(await lease()).toEqual([]);
      await ended(id, outcome);
      expect(await lease()).toEqual([id]);
      await ended(id, outcome);
      expect(await lease()).toEqual([]);
    },
  );

  it('for which nothing was found is followed by looks, later and later, until mail comes', async () => {
    const id = await aWatchedAccount();
    await subscribe(id);
    const rang = (secondsAgo: number) =>
      db
        .updateTable('watches')
        .set({ rungAt: new Date(Date.now() - secondsAgo * 1_000), notBefore: new Date(0) })
        .where('accountId', '=', id)
        .execute();
    const dueAfter = async (secondsAgo: number, outcome: LookOutcome) => {
      await rang(secondsAgo);
      await makeDue(id);
      await lease();
      await ended(id, outcome);
      return await dueIn(id);
    };
    expect(await dueAfter(0.1, 'quiet')).toBeCloseTo(2, 0);
    expect(await dueAfter(4, 'quiet')).toBeCloseTo(12, 0);
    expect(await dueAfter(90, 'quiet')).toBeGreaterThan(300);
    expect(await dueAfter(0.1, 'captured')).toBeGreaterThan(300);
    expect(await dueAfter(0, 'quiet')).toBeLessThan(3);
    await resumeWatch(db, id, { startedAt: new Date(), captured: false, intervals });
    expect(await dueIn(id)).toBeLessThan(5);
  });

  it('during a drain makes the mailbox due when that has ended', async () => {
    const id = await aWatchedAccount();
    const hold = await holdMailbox(db, id, aHold(true));
    if (!hold.held) throw new Error('The mailbox is held');
    await ringWatches(db, [id]);
    expect(await lease()).toEqual([]);
    await resumeWatch(db, id, { startedAt: hold.startedAt, captured: true, intervals });
    expect(await lease()).toEqual([id]);
  });

  it('wakes who listens, where there is something to look at', async () => {
    const [waiting, drained] = [await aWatchedAccount(), await aWatchedAccount()];
    await holdMailbox(db, drained, aHold(true));
    let woken = 0;
    let isListening = false;
    const listener = listenToNotices(
      { url: database.url, applicationName: 'test', channel: DUE_CHANNEL },
      { onNotice: () => woken++, onListening: () => (isListening = true), onLost() {} },
    );
    try {
      await eventually(() => expect(isListening).toBe(true));
      await ringWatches(db, [drained]);
      await ringWatches(db, [waiting]);
      await eventually(() => expect(woken).toBe(1));
    } finally {
      await listener.close();
    }
  });
});

describe('a look that meets a drain', () => {
  it('leaves the mailbox to it, and lets it be looked at again afterwards', async () => {
    const id = await aWatchedAccount();
    await lease();
    const hold = await holdMailbox(db, id, aHold(true));
    if (!hold.held) throw new Error('The mailbox is held');
    await ended(id, 'elsewhere');
    expect(await dueIn(id)).toBe(Number.POSITIVE_INFINITY);
    await resumeWatch(db, id, { startedAt: hold.startedAt, captured: true, intervals });
    expect(await lease()).toEqual([id]);
  });

  it('has begun before it: the drain waits, and nobody begins another look', async () => {
    const id = await aWatchedAccount();
    await lease();
    await holdMailbox(db, id, aHold(false));
    expect(await holdMailbox(db, id, aHold(true))).toMatchObject({ held: false });
    await ended(id, 'captured');
    expect(await dueIn(id)).toBe(Number.POSITIVE_INFINITY);
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

describe('a subscription', () => {
  it('is doubted when mail is found of which no bell told, and not when one did', async () => {
    const [silent, told] = [await aWatchedAccount(), await aWatchedAccount()];
    for (const id of [silent, told]) {
      await subscribe(id);
      await lease();
      await ended(id, 'quiet');
      await makeDue(id);
    }
    await ringWatches(db, [told]);
    await lease();
    for (const id of [silent, told]) await ended(id, 'captured');
    expect(await subscriptionOf(told)).toEqual({ isDue: false, counts: true });
    expect(await subscriptionOf(silent)).toEqual({ isDue: true, counts: true });
  });

  it('that was made for another address does not count: its mailbox is polled until there is a new one', async () => {
    const [here, elsewhere] = [await aWatchedAccount(), await aWatchedAccount()];
    await subscribe(here);
    await subscribe(elsewhere, 'https://before.example');
    await lease();
    for (const id of [here, elsewhere]) await ended(id, 'quiet');
    expect(await dueIn(elsewhere)).toBeGreaterThan(300);
    await supersedeSubscriptions(db, 'https://mailroom.example', POLL_MS);
    expect(await subscriptionOf(here)).toEqual({ isDue: false, counts: true });
    expect(await subscriptionOf(elsewhere)).toEqual({ isDue: true, counts: false });
    expect(await dueIn(here)).toBeGreaterThan(300);
    expect(await dueIn(elsewhere)).toBeLessThan(POLL_MS / 1_000);
    await supersedeSubscriptions(db, undefined, POLL_MS);
    expect(await subscriptionOf(here)).toEqual({ isDue: true, counts: false });
  });
});
