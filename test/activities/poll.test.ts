import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { pauseAccount } from '../../database/accounts/account-toggle.ts';
import { listAccountEvents } from '../../database/accounts/events.ts';
import { POLL_WITHIN_MS } from '../../domain/schedule.ts';
import { eventually } from '../support/eventually.ts';
import { type Reader, startReader } from './reader.ts';

const PAGE_SIZE = 2;

let reader: Reader;

beforeAll(async () => {
  reader = await startReader({ deltaPageSize: PAGE_SIZE });
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

const slow = (mailbox: string, endpoint: string, delayMs: number) =>
  reader.control.addFault({ kind: 'slow', mailbox, endpoint, delayMs });
/** Rows that were written of a mailbox's budget, as their versions tell. */
const budgetOf = (id: string) =>
  reader.db
    .selectFrom('mailboxBudgets')
    .select([sql<string>`xmin::text`.as('version'), 'requests'])
    .where('accountId', '=', id)
    .executeTakeFirstOrThrow();
/** A request for the attachments of a message has come. */
const untilAskedForAttachments = () =>
  eventually(async () => {
    const { endpoints } = await reader.control.stats();
    expect(Object.keys(endpoints)).toContainEqual(expect.stringContaining('attachments'));
  });
const cursorOf = async (id: string) =>
  (await reader.db.selectFrom('cursors').select('version').where('accountId', '=', id).executeTakeFirstOrThrow())
    .version;
/** Seconds until it may be polled again. */
const notBefore = async (id: string) => {
  const { notBefore: at } = await reader.db
    .selectFrom('watches')
    .select('notBefore')
    .where('accountId', '=', id)
    .executeTakeFirstOrThrow();
  return (Number(at) - Date.now()) / 1_000;
};
/** A mail of which a page does not tell all: its attachments are a request of their own. */
const deliverWithPicture = ({ address }: { address: string }, subject: string) =>
  reader.control.deliver(address, { subject, html: '<img src="cid:picture">' });

describe('a poll that finds mail', () => {
  it('captures it, with its items, and neither takes a lease nor writes down its few requests', async () => {
    const account = await reader.connect();
    const before = await budgetOf(account.id);
    await deliverWithPicture(account, 'picture');
    expect(await reader.poll(account.id)).toMatchObject({ outcome: 'current', next: 'wait' });
    expect(await reader.subjects(account.id)).toEqual(['picture']);
    expect(await budgetOf(account.id)).toEqual(before);
    const drains = reader.db.selectFrom('drains').select(['captured', 'outcome']).where('accountId', '=', account.id);
    expect(await drains.execute()).toEqual([{ captured: 1, outcome: 'current' }]);
    expect(await reader.poll(account.id)).toMatchObject({ outcome: 'current', captured: 0 });
  });

  it('goes on with the pages behind it', async () => {
    const { id, address } = await reader.connect();
    await reader.control.deliverMany(address, 2 * PAGE_SIZE + 1, 'Mail {n}');
    expect(await reader.poll(id)).toMatchObject({ outcome: 'current', next: 'wait' });
    expect(await reader.subjects(id)).toHaveLength(2 * PAGE_SIZE + 1);
  });

  it('asks for a single message where the last answer did not come in time', async () => {
    const { id, address } = await reader.connect();
    const pagesOfAPoll = async () => {
      await reader.control.deliverMany(address, PAGE_SIZE, 'Mail {n}');
      await reader.control.resetStats();
      expect(await reader.poll(id)).toMatchObject({ outcome: 'current', next: 'wait' });
      const { endpoints } = await reader.control.stats();
      return Object.entries(endpoints).reduce((sum, [name, sent]) => sum + (name.includes('delta') ? sent : 0), 0);
    };
    expect(await pagesOfAPoll()).toBe(1);
    await reader.db.updateTable('accounts').set({ conditionType: 'Unavailable' }).where('id', '=', id).execute();
    expect(await pagesOfAPoll()).toBe(2);
    expect(await findAccount(reader.db, id)).toMatchObject({ conditionType: null });
  });

  it('leaves what takes longer to the workflow, which goes on from there', async () => {
    const { id, address } = await reader.connect();
    await reader.control.deliverMany(address, 6 * PAGE_SIZE, 'Mail {n}');
    await slow(address, 'delta', 500);
    expect(await reader.poll(id)).toMatchObject({ next: 'hand-over' });
    const taken = (await reader.subjects(id)).length;
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(6 * PAGE_SIZE);
    await reader.control.clearFaults();
    expect(await reader.drain(id)).toMatchObject({ captured: 6 * PAGE_SIZE - taken, known: 0 });
    expect(new Set(await reader.subjects(id)).size).toBe(6 * PAGE_SIZE);
  });

  it('leaves a walk that has to begin anew to the workflow, and nothing is half done', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'one');
    await reader.poll(id);
    await reader.control.loseSyncState(address);
    await reader.deliver(address, 'two');
    const version = await cursorOf(id);
    expect(await reader.poll(id)).toMatchObject({ next: 'hand-over' });
    expect(await cursorOf(id)).toBe(version);
    expect(await reader.drain(id)).toMatchObject({ captured: 1, known: 1 });
    expect(await reader.subjects(id)).toEqual(['one', 'two']);
    const names = (await listAccountEvents(reader.db, id, { limit: 10 })).map(({ name }) => name);
    expect(names).toEqual(['account.resynced']);
  });

  it('writes nothing of an account that is paused meanwhile', async () => {
    const account = await reader.connect();
    await deliverWithPicture(account, 'too late');
    await slow(account.address, 'attachments', 1_000);
    await reader.control.resetStats();
    const polling = reader.poll(account.id);
    await untilAskedForAttachments();
    await pauseAccount(reader.db, account.id, 'cli');
    expect(await polling).toMatchObject({ outcome: 'paused' });
    expect(await reader.subjects(account.id)).toEqual([]);
  });

  it('waits when Microsoft says so, whoever rings, and has lost nothing', async () => {
    const account = await reader.connect();
    await deliverWithPicture(account, 'throttled');
    await reader.control.addFault({
      kind: 'throttle',
      mailbox: account.address,
      endpoint: 'attachments',
      retryAfterSeconds: 60,
      count: 1,
    });
    expect(await reader.poll(account.id)).toMatchObject({
      outcome: 'failed',
      next: 'retry',
      error: { type: 'Throttled' },
    });
    expect(await notBefore(account.id)).toBeGreaterThan(50);
    expect(await reader.subjects(account.id)).toEqual([]);
    expect(await reader.poll(account.id)).toMatchObject({ outcome: 'current', next: 'wait' });
    expect(await reader.subjects(account.id)).toEqual(['throttled']);
    expect(await notBefore(account.id)).toBeLessThanOrEqual(0);
  });

  it('leaves no more than its request to a worker that is asked to stop', async () => {
    const account = await reader.connect();
    await deliverWithPicture(account, 'cut short');
    await slow(account.address, 'attachments', 5_000);
    const stopped = new AbortController();
    await reader.control.resetStats();
    const polling = reader.poll(account.id, stopped.signal);
    await untilAskedForAttachments();
    stopped.abort(new Error('stopping'));
    expect(await polling).toMatchObject({ outcome: 'cancelled', next: 'repeat' });
    expect(await findAccount(reader.db, account.id)).toMatchObject({ conditionType: null });
    expect(await reader.subjects(account.id)).toEqual([]);
  });
});

describe('a mailbox whose answers come later than a poll waits', () => {
  it('is left to the workflow, whose drain waits, and the account says that Microsoft is slow', async () => {
    const account = await reader.connect();
    await reader.deliver(account.address, 'late');
    await slow(account.address, 'delta', POLL_WITHIN_MS + 1_000);
    const conditionSince = new Date(Date.now() - 60_000);
    const timedOut = { conditionType: 'Unavailable', conditionCode: 'timeout', conditionSince };
    await reader.db.updateTable('accounts').set(timedOut).where('id', '=', account.id).execute();
    const failure = { type: 'Unavailable', reason: 'service-down', code: 'timeout' };
    expect(await reader.poll(account.id)).toMatchObject({ outcome: 'failed', next: 'hand-over', error: failure });
    expect(await reader.drain(account.id)).toMatchObject({ captured: 1 });
    expect(await reader.subjects(account.id)).toEqual(['late']);
    expect(await findAccount(reader.db, account.id)).toMatchObject({ conditionType: null });
  });
});

describe('a poll that is cut short', () => {
  it('is in the list of drains, as far as it came', async () => {
    const account = await reader.connect();
    await reader.control.deliverMany(account.address, PAGE_SIZE, 'Mail {n}');
    await deliverWithPicture(account, 'behind them');
    await slow(account.address, 'attachments', 5_000);
    const stopped = new AbortController();
    const polling = reader.poll(account.id, stopped.signal);
    await eventually(async () => expect(await reader.subjects(account.id)).toHaveLength(PAGE_SIZE));
    stopped.abort(new Error('stopping'));
    expect(await polling).toMatchObject({ outcome: 'cancelled' });
    const drains = reader.db.selectFrom('drains').select(['captured', 'outcome']).where('accountId', '=', account.id);
    expect(await drains.execute()).toEqual([{ captured: PAGE_SIZE, outcome: 'cancelled' }]);
  });
});

describe('a mailbox that a drain and a poll read at once', () => {
  it('has each message once, whoever captures it, and never more than four requests in flight', async () => {
    const account = await reader.connect();
    for (const name of ['one', 'two', 'three', 'four']) await deliverWithPicture(account, name);
    await slow(account.address, 'attachments', 300);
    await reader.control.resetStats();
    const polling = reader.poll(account.id);
    await untilAskedForAttachments();
    await reader.deliver(account.address, 'five');
    await reader.drain(account.id);
    await polling;
    expect(await reader.subjects(account.id)).toEqual(['five', 'four', 'one', 'three', 'two']);
    expect((await reader.control.stats()).mailboxes[account.address]?.highestConcurrency).toBeLessThanOrEqual(4);
  });
});
