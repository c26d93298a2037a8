import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { listAccountEvents } from '../../database/accounts/events.ts';
import { listDifferences } from '../../database/ingest/differences.ts';
import { findCompleteness } from '../../database/ingest/reconciliations.ts';
import { loseMessages } from '../support/lose-messages.ts';
import { type Reader, startReader } from './reader.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await startReader();
});
afterEach(() => reader.control.clearFaults());
afterAll(() => reader.stop());

const differences = (id: string) => listDifferences(reader.db, id, { limit: 10 });
const completeness = (id: string) => findCompleteness(reader.db, id);
const eventsOf = async (id: string) => (await listAccountEvents(reader.db, id, { limit: 50 })).map(({ name }) => name);
/** The mail server's clock is ahead of ours: its mail is old enough to be compared. */
const letMailSettle = (id: string) =>
  reader.db.updateTable('accounts').set({ clockSkewMs: 600_000 }).where('id', '=', id).execute();

describe('comparing a mailbox with the ledger', () => {
  it('proves that everything is there', async () => {
    const { id, address } = await reader.connect();
    for (const subject of ['one', 'two', 'three']) await reader.deliver(address, subject);
    await reader.drain(id);
    const [report] = await reader.compare(id);
    expect(report).toMatchObject({ seen: 3, known: 3, repaired: 0, hasMore: false });
    expect(report?.nextDueInMs).toBeGreaterThan(20 * 3_600_000);
    expect(await completeness(id)).toMatchObject({ inMailbox: 3, inLedger: 3, repaired: 0, startedAt: null });
    expect(await differences(id)).toEqual([]);
  });

  it('finds a message that left the inbox before it was read and came back unreported', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'stays');
    const moved = await reader.deliver(address, 'comes back');
    const away = await reader.move(address, moved, 'archive');
    await reader.drain(id);
    await reader.control.addFault({ kind: 'hidden-returns', mailbox: address });
    await reader.move(address, away, 'inbox');
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['stays']);

    await reader.compare(id);
    expect(await reader.subjects(id)).toEqual(['comes back', 'stays']);
    expect(await completeness(id)).toMatchObject({ inMailbox: 2, inLedger: 2, repaired: 1 });
    expect(await differences(id)).toMatchObject([{ outcome: 'captured', itemId: expect.any(String) }]);
    expect(await eventsOf(id)).toContain('account.differences-found');

    await reader.compare(id);
    expect(await completeness(id)).toMatchObject({ inMailbox: 2, inLedger: 2, repaired: 0 });
    expect(await differences(id)).toHaveLength(1);
  });

  it('puts what is missing and cannot be read into quarantine, and counts it there until it is captured', async () => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'hidden-moves', mailbox: address });
    const message = await reader.deliver(address, 'broken', { folder: 'archive' });
    const moved = await reader.move(address, message, 'inbox');
    await reader.drain(id);
    await reader.control.addFault({ kind: 'corrupt-message', mailbox: address, messageId: moved.id });
    await reader.compare(id);
    expect(await differences(id)).toMatchObject([{ outcome: 'quarantined', quarantineId: expect.any(String) }]);
    const parked = { inMailbox: 1, inLedger: 0, inQuarantine: 1 };
    expect(await completeness(id)).toMatchObject({ ...parked, repaired: 1 });
    const [again] = await reader.compare(id);
    expect(again).toMatchObject({ seen: 1, known: 0, repaired: 0 });
    expect(await completeness(id)).toMatchObject({ ...parked, repaired: 0 });

    await reader.control.clearFaults();
    await reader.db.updateTable('quarantine').set({ state: 'retrying' }).where('accountId', '=', id).execute();
    await reader.drain(id);
    const captured = { inMailbox: 1, inLedger: 1, inQuarantine: 0 };
    expect(await completeness(id)).toMatchObject(captured);
    await reader.compare(id);
    expect(await completeness(id)).toMatchObject(captured);
  });

  it('does not count among the mailbox what is in quarantine and has left the mailbox', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'stays');
    await reader.control.addFault({ kind: 'hidden-moves', mailbox: address });
    const message = await reader.move(address, await reader.deliver(address, 'broken', { folder: 'archive' }), 'inbox');
    await reader.control.addFault({ kind: 'corrupt-message', mailbox: address, messageId: message.id });
    await reader.compare(id);
    expect(await completeness(id)).toMatchObject({ inMailbox: 2, inLedger: 1, inQuarantine: 1 });
    await reader.move(address, message, 'archive');
    await reader.compare(id);
    expect(await completeness(id)).toMatchObject({ inMailbox: 1, inLedger: 1, inQuarantine: 0 });
  });

  it('says of a message that vanished before it could be read that it is gone', async () => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'hidden-moves', mailbox: address });
    await reader.move(address, await reader.deliver(address, 'vanishes', { folder: 'archive' }), 'inbox');
    await reader.drain(id);
    await reader.control.addFault({ kind: 'not-found', mailbox: address });
    await reader.compare(id);
    expect(await differences(id)).toMatchObject([{ outcome: 'gone', itemId: null }]);
    expect(await completeness(id)).toMatchObject({ inMailbox: 0, inLedger: 0, repaired: 0 });
  });

  it('leaves to the drain what the drain has not had the chance to read', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'arrived long ago');
    await reader.move(address, await reader.deliver(address, 'moved in', { folder: 'archive' }), 'inbox');
    await reader.compare(id);
    expect(await reader.subjects(id)).toEqual(['arrived long ago', 'moved in']);
    expect(await differences(id)).toEqual([]);
    expect(await completeness(id)).toMatchObject({ inMailbox: 2, inLedger: 2 });
  });

  it('does not compare what delta may still be late with', async () => {
    const { id, address } = await reader.connect();
    await reader.control.addFault({ kind: 'lagging-entries', mailbox: address });
    await reader.deliver(address, 'fresh', { minutesAgo: 0 });
    await reader.compare(id);
    expect(await completeness(id)).toMatchObject({ inMailbox: 0 });
    expect(await differences(id)).toEqual([]);
    await reader.control.clearFaults();
    await reader.drain(id);
    expect(await reader.subjects(id)).toEqual(['fresh']);
  });

  it('follows a resync, because what Microsoft forgot may have been more than a cursor', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'before');
    await reader.drain(id);
    await reader.control.loseSyncState(address);
    const { reconcileDueAt, captured } = await reader.drain(id);
    expect(captured).toBe(0);
    expect(reconcileDueAt).toBeLessThanOrEqual(Date.now());
    expect(await reader.reconcile(id)).toMatchObject({ seen: 1, known: 1, hasMore: false });
    expect((await completeness(id))?.comparedAt).not.toBeNull();
  });

  it('captures nothing that came during a pause which ended "from now on"', async () => {
    const { id, address } = await reader.connect();
    await reader.deliver(address, 'before the pause');
    await reader.drain(id);
    await pauseAccount(reader.db, id, 'test');
    await reader.deliver(address, 'during the pause', { minutesAgo: 0 });
    expect(await reader.compare(id)).toMatchObject([{ seen: 0, hasMore: false }]);
    await resumeAccount(reader.db, id, { actor: 'test', mode: 'from-now' });
    // The pause lasted long enough for its mail to be compared, if it were to be captured.
    await reader.db
      .updateTable('accounts')
      .set({ captureFrom: new Date(Date.now() + 60_000), clockSkewMs: 600_000 })
      .where('id', '=', id)
      .execute();
    await reader.compare(id);
    expect(await reader.subjects(id)).toEqual(['before the pause']);
    expect(await completeness(id)).toMatchObject({ inMailbox: 0, inLedger: 0 });
    expect(await differences(id)).toEqual([]);
  });
});

describe('a comparison of thousands of messages', () => {
  const MANY = 3_300;
  const SECONDS = 6;
  const BACKLOG = 1_500;
  const ARRIVING = 30;

  it('goes page by page and turn by turn, and begins anew when the account skips what came meanwhile', async () => {
    const { id, address } = await reader.connect();
    // Of different seconds: a second is compared whole, in one turn.
    for (let second = 0; second < SECONDS; second += 1) {
      const receivedAt = new Date(Date.now() - second * 1_000);
      await reader.control.deliverMany(address, MANY / SECONDS, `Message ${second}.{n}`, receivedAt);
    }
    while ((await reader.drain(id)).hasMore);
    // One of them is lost: as if delta had never told.
    const lost = await reader.db
      .selectFrom('messages')
      .select('graphId')
      .where('accountId', '=', id)
      .where('subject', '=', 'Message 3.170')
      .executeTakeFirstOrThrow();
    await loseMessages(reader.db, [lost.graphId]);

    await letMailSettle(id);
    await reader.control.addFault({ kind: 'slow', delayMs: 800, mailbox: address, endpoint: 'messages' });
    const turns = await reader.compare(id);
    expect(turns.length).toBeGreaterThan(1);
    expect(turns.at(-1)).toMatchObject({ seen: MANY, known: MANY });
    expect(turns.map(({ seen }) => seen)).toEqual(turns.map(({ seen }) => seen).toSorted((one, two) => one - two));
    expect(await differences(id)).toMatchObject([{ outcome: 'captured' }]);
    expect(new Set(await reader.subjects(id)).size).toBe(MANY);

    // Half-way through the next one, all this is not to be captured any more.
    await letMailSettle(id);
    await reader.db
      .updateTable('reconciliations')
      .set({ dueAt: new Date(0) })
      .where('accountId', '=', id)
      .execute();
    expect(await reader.reconcile(id)).toMatchObject({ hasMore: true });
    const captureFrom = new Date(Date.now() + 60_000);
    await reader.db.updateTable('accounts').set({ captureFrom }).where('id', '=', id).execute();
    expect(await reader.reconcile(id)).toMatchObject({ seen: 0, known: 0, hasMore: false });
  }, 120_000);

  it('finds no difference while mail keeps arriving and being moved in', async () => {
    const { id, address } = await reader.connect();
    await reader.control.deliverMany(address, BACKLOG, 'Backlog {n}');
    while ((await reader.drain(id)).hasMore);
    // The list takes its time, so that something arrives before, between and after the requests of each turn.
    await reader.control.addFault({ kind: 'slow', delayMs: 60, mailbox: address, endpoint: 'messages' });
    let arrived = 0;
    for (let round = 0; round < 4; round += 1) {
      await letMailSettle(id);
      const arriving = (async () => {
        for (let n = 0; n < ARRIVING; n += 1) {
          const folder = n % 2 === 0 ? 'archive' : 'inbox';
          arrived += 1;
          const message = await reader.deliver(address, `New ${arrived}`, { folder });
          if (folder === 'archive') await reader.move(address, message, 'inbox');
        }
      })();
      await Promise.all([reader.compare(id), arriving]);
    }
    await reader.control.clearFaults();
    await reader.drain(id);
    expect(await differences(id)).toEqual([]);
    const subjects = await reader.subjects(id);
    expect(subjects).toHaveLength(BACKLOG + arrived);
    expect(new Set(subjects).size).toBe(subjects.length);
    expect(await completeness(id)).toMatchObject({ startedAt: null, repaired: 0 });
  }, 120_000);
});
