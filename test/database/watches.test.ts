import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pauseAccount } from '../../database/accounts/account-toggle.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { holdMailbox } from '../../database/ingest/mailbox-budgets.ts';
import { type EndedPoll, listDuePolls, type OpenedPoll, openPolls, settlePolls } from '../../database/ingest/polls.ts';
import { storeSubscription, supersedeSubscriptions } from '../../database/ingest/subscriptions.ts';
import {
  noteNotifications,
  pollAfter,
  pollAgainAfter,
  readerChannel,
  resumeWatch,
  stopPolling,
} from '../../database/ingest/watches.ts';
import { listenToNotices } from '../../database/notices.ts';
import { READER_SLOTS, slotOf } from '../../domain/reader-share.ts';
import { POLL_RETRY_MS } from '../../domain/schedule.ts';
import { stateAfter } from '../../domain/watch-state.ts';
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
const ALL_SLOTS = Array.from({ length: READER_SLOTS }, (_, slot) => slot);
const opened = new Map<string, OpenedPoll>();
/** Opens the polls that are due, as a reader does. */
const open = async () => {
  const due = (await listDuePolls(db, { slots: ALL_SLOTS, withinMs: 0 })).filter(({ dueInMs }) => dueInMs <= 0);
  const polls = await openPolls(
    db,
    due.map(({ accountId }) => accountId),
  );
  for (const poll of polls) opened.set(poll.accountId, poll);
  return polls.map(({ accountId }) => accountId);
};
const quiet = { outcome: 'current', next: 'wait', captured: 0 } as const;
const captured = { outcome: 'current', next: 'wait', captured: 1 } as const;
const failed = { outcome: 'failed', next: 'retry', captured: 0 } as const;
const cutShort = { outcome: 'cancelled', next: 'repeat', captured: 0 } as const;
type Ending = Pick<EndedPoll, 'outcome' | 'next' | 'captured'>;
/** Ends the poll that was opened last. */
const ended = async (accountId: string, ending: Ending, notBeforeMs = 0) => {
  const poll = opened.get(accountId) ?? expect.fail('no poll is open');
  return await settlePolls(db, intervals, [
    { ...poll, ...ending, link: null, isChecked: false, notBeforeMs, retryMs: POLL_RETRY_MS, drain: undefined },
  ]);
};
const aHold = () => ({ holder: crypto.randomUUID(), leaseMs: 30_000 });
const stateOf = async (accountId: string) =>
  (await db.selectFrom('watches').select('state').where('accountId', '=', accountId).executeTakeFirstOrThrow()).state;
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
/** Seconds until the next poll. */
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
  it('is polled next before the interval is over, and not always at the same distance', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, () => aWatchedAccount()));
    await open();
    for (const id of ids) await ended(id, quiet);
    const seconds = await Promise.all(ids.map(dueIn));
    expect(Math.max(...seconds)).toBeLessThan(POLL_MS / 1_000 - 1);
    expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(1);
  });

  it('is told to the reader that settles it: when it is due next', async () => {
    const id = await aWatchedAccount();
    await open();
    const { next } = await ended(id, failed);
    expect(next).toEqual([{ accountId: id, dueInMs: expect.closeTo(POLL_RETRY_MS, -2) }]);
  });

  it('is in the schedule of its share only', async () => {
    const ids = await Promise.all(Array.from({ length: 10 }, () => aWatchedAccount()));
    const slots = [slotOf(ids[0] as string)];
    const due = await listDuePolls(db, { slots, withinMs: 0 });
    expect(due.map(({ accountId }) => accountId).sort()).toEqual(ids.filter((id) => slots.includes(slotOf(id))).sort());
  });

  it('stays due while a reader that dies has not settled it', async () => {
    const id = await aWatchedAccount();
    expect(await open()).toEqual([id]);
    expect(await open()).toEqual([id]);
  });

  it('is not polled before the time that a poll has set, whatever notifications come', async () => {
    const id = await aWatchedAccount();
    await open();
    await ended(id, failed, 60_000);
    await noteNotifications(db, [id]);
    expect(await dueIn(id)).toBeLessThan(1);
    expect(await open()).toEqual([]);
    const [poll] = await openPolls(db, [id]);
    expect(poll?.waitMs).toBeGreaterThan(50_000);
    await db
      .updateTable('watches')
      .set({ notBefore: new Date(0) })
      .execute();
    expect(await open()).toEqual([id]);
  });

  it('is polled after a drain that reached its end, whatever a poll was told before', async () => {
    const id = await aWatchedAccount();
    await open();
    await ended(id, failed, 600_000);
    const hold = await holdMailbox(db, id, aHold());
    if (!hold.held) throw new Error('The mailbox is held');
    await resumeWatch(db, id, { startedAt: hold.startedAt, captured: false, intervals });
    await noteNotifications(db, [id]);
    expect(await open()).toEqual([id]);
  });

  it('is polled again at once when a poll was cut short, and not proved current', async () => {
    const id = await aWatchedAccount();
    await open();
    await ended(id, cutShort);
    expect(await open()).toEqual([id]);
    const { currentAt } = await db
      .selectFrom('watches')
      .select('currentAt')
      .where('accountId', '=', id)
      .executeTakeFirstOrThrow();
    expect(currentAt).toBeNull();
  });

  it('is not polled while its account is disabled, also when it was made due by mistake', async () => {
    const id = await aWatchedAccount();
    await pauseAccount(db, id, 'cli');
    expect(await stateOf(id)).toBe('off');
    await pollAfter(db, id, { event: 'drain-refused', delayMs: 0 });
    expect(await stateOf(id)).toBe('off');
    await makeDue(id);
    expect(await open()).toEqual([]);
  });

  it('is left as it is by a poll that ends after a drain has begun', async () => {
    const id = await aWatchedAccount();
    await open();
    await holdMailbox(db, id, aHold());
    expect((await ended(id, captured)).next).toEqual([]);
    expect(await stateOf(id)).toBe('draining');
    expect(await dueIn(id)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the state of a watch', () => {
  it('follows every event, whatever it was', async () => {
    for (const before of ['off', 'draining', 'polling'] as const) {
      for (const [event, after] of Object.entries(stateAfter)) {
        const id = await anAccount(db);
        const dueAt = before === 'polling' ? new Date() : sql<Date>`'infinity'`;
        await db.insertInto('watches').values({ accountId: id, state: before, dueAt }).execute();
        const moves: Record<keyof typeof stateAfter, () => Promise<unknown>> = {
          'turned-off': () => stopPolling(db, id, 'turned-off'),
          'turned-on': () => stopPolling(db, id, 'turned-on'),
          'drain-began': () => holdMailbox(db, id, aHold()),
          'drain-ended': () => resumeWatch(db, id, { startedAt: new Date(), captured: false, intervals }),
          'drain-missing': () => pollAfter(db, id, { event: 'drain-missing', delayMs: 0 }),
          'drain-refused': () => pollAfter(db, id, { event: 'drain-refused', delayMs: 0 }),
          'sign-in-restored': () => pollAfter(db, id, { event: 'sign-in-restored', delayMs: 0 }),
        };
        await moves[event as keyof typeof stateAfter]();
        expect([before, event, await stateOf(id)]).toEqual([before, event, after]);
        expect((await dueIn(id)) < Number.POSITIVE_INFINITY).toBe(after === 'polling');
      }
    }
  });

  it('follows the times that a worker of the release before writes, which knows no state', async () => {
    const id = await anAccount(db);
    await sql`insert into watches (account_id, due_at) values (${id}, now())`.execute(db);
    expect(await stateOf(id)).toBe('polling');
    await sql`update watches set due_at = 'infinity' where account_id = ${id}`.execute(db);
    expect(await stateOf(id)).toBe('draining');
    await sql`update watches set due_at = now() where account_id = ${id}`.execute(db);
    expect(await stateOf(id)).toBe('polling');
  });
});

describe('a quiet mailbox', () => {
  const quietSince = { authenticatedAt: new Date(Date.now() - 2 * 3_600_000) };

  it('is polled as often as any other, unless an administrator allows it to rest', async () => {
    const id = await aWatchedAccount({ ...quietSince, restsWhenQuiet: false });
    await open();
    await ended(id, quiet);
    expect(await dueIn(id)).toBeLessThan(POLL_MS / 1_000);
  });

  it('is polled less often where that is allowed, until mail comes', async () => {
    const id = await aWatchedAccount({ ...quietSince, restsWhenQuiet: true });
    await open();
    await ended(id, quiet);
    expect(await dueIn(id)).toBeGreaterThan(4 * (POLL_MS / 1_000));
    await makeDue(id);
    await open();
    await ended(id, captured);
    await makeDue(id);
    await open();
    await ended(id, quiet);
    expect(await dueIn(id)).toBeLessThan(POLL_MS / 1_000);
  });
});

describe('a notification', () => {
  it('makes a mailbox due at once, and leaves one alone that is being drained', async () => {
    const [waiting, drained] = [await aWatchedAccount(), await aWatchedAccount()];
    await open();
    await Promise.all([ended(waiting, quiet), ended(drained, failed)]);
    await holdMailbox(db, drained, aHold());
    await noteNotifications(db, [waiting, drained]);
    expect(await open()).toEqual([waiting]);
    expect(await dueIn(drained)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([quiet, captured, failed])(
    'during a poll that ends $outcome with $captured makes the mailbox due again',
    async (ending) => {
      const id = await aWatchedAccount();
      await open();
      await noteNotifications(db, [id]);
      await ended(id, ending);
      expect(await open()).toEqual([id]);
      await ended(id, ending);
      expect(await open()).toEqual([]);
    },
  );

  it('for which nothing was found is followed by polls, later and later, until mail comes', async () => {
    const id = await aWatchedAccount();
    await subscribe(id);
    const rang = (secondsAgo: number) =>
      db
        .updateTable('watches')
        .set({ rungAt: sql`clock_timestamp() - ${secondsAgo} * interval '1 second'`, notBefore: new Date(0) })
        .where('accountId', '=', id)
        .execute();
    const dueAfter = async (secondsAgo: number, ending: Ending) => {
      await rang(secondsAgo);
      await makeDue(id);
      await open();
      await ended(id, ending);
      return await dueIn(id);
    };
    expect(await dueAfter(0.1, quiet)).toBeCloseTo(2, 0);
    expect(await dueAfter(4, quiet)).toBeCloseTo(12, 0);
    expect(await dueAfter(90, quiet)).toBeGreaterThan(300);
    expect(await dueAfter(0.1, captured)).toBeGreaterThan(300);
    expect(await dueAfter(0, quiet)).toBeLessThan(3);
    await resumeWatch(db, id, { startedAt: new Date(), captured: false, intervals });
    expect(await dueIn(id)).toBeLessThan(5);
  });

  it('during a drain makes the mailbox due when that has ended', async () => {
    const id = await aWatchedAccount();
    const hold = await holdMailbox(db, id, aHold());
    if (!hold.held) throw new Error('The mailbox is held');
    await noteNotifications(db, [id]);
    expect(await open()).toEqual([]);
    await resumeWatch(db, id, { startedAt: hold.startedAt, captured: true, intervals });
    expect(await open()).toEqual([id]);
  });

  it('wakes the reader of the slot, and only where there is something to poll', async () => {
    const [waiting, drained] = [await aWatchedAccount(), await aWatchedAccount()];
    await holdMailbox(db, drained, aHold());
    const woken: string[] = [];
    let listening = 0;
    const listeners = ALL_SLOTS.filter((slot) => slot === slotOf(waiting) || slot === slotOf(drained)).map((slot) =>
      listenToNotices(
        { url: database.url, applicationName: 'test', channel: readerChannel(slot) },
        { onNotice: (accountId) => woken.push(accountId), onListening: () => listening++, onLost() {} },
      ),
    );
    try {
      await eventually(() => expect(listening).toBe(listeners.length));
      await noteNotifications(db, [drained]);
      await noteNotifications(db, [waiting]);
      await eventually(() => expect(woken).toEqual([waiting]));
    } finally {
      await Promise.all(listeners.map((listener) => listener.close()));
    }
  });
});

describe('accounts that wait for the settings', () => {
  it('are due at once when these are saved, and no others', async () => {
    const later = new Date(Date.now() + 60_000);
    const waiting = await aWatchedAccount({ conditionType: 'SettingsRejected' }, later);
    const throttled = await aWatchedAccount({ conditionType: 'Throttled' }, later);
    await pollAgainAfter(db, 'SettingsRejected');
    expect(await open()).toEqual([waiting]);
    expect(await dueIn(throttled)).toBeGreaterThan(50);
  });
});

describe('a subscription', () => {
  it('is doubted when mail is found of which no bell told, and not when one did', async () => {
    const [silent, told] = [await aWatchedAccount(), await aWatchedAccount()];
    for (const id of [silent, told]) {
      await subscribe(id);
      await open();
      await ended(id, quiet);
      await makeDue(id);
    }
    await noteNotifications(db, [told]);
    await open();
    for (const id of [silent, told]) await ended(id, captured);
    expect(await subscriptionOf(told)).toEqual({ isDue: false, counts: true });
    expect(await subscriptionOf(silent)).toEqual({ isDue: true, counts: true });
  });

  it('that was made for another address does not count: its mailbox is polled until there is a new one', async () => {
    const [here, elsewhere] = [await aWatchedAccount(), await aWatchedAccount()];
    await subscribe(here);
    await subscribe(elsewhere, 'https://before.example');
    await open();
    for (const id of [here, elsewhere]) await ended(id, quiet);
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
