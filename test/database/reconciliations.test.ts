import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { removeAccount } from '../../database/accounts/account-removal.ts';
import { pauseAccount } from '../../database/accounts/account-toggle.ts';
import { listAccountEvents } from '../../database/accounts/events.ts';
import { capturePage } from '../../database/capture/capture.ts';
import { findInLedger } from '../../database/capture/known-messages.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { listDifferences, recordDifferences } from '../../database/ingest/differences.ts';
import {
  type Comparison,
  findCompleteness,
  openComparison,
  postponeReconciliation,
  recordTurn,
  requestReconciliation,
} from '../../database/ingest/reconciliations.ts';
import { aMessage, anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 5, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const DAY_MS = 86_400_000;

async function aComparison(accountId: string): Promise<Comparison> {
  await requestReconciliation(db, accountId);
  const opened = await openComparison(db, accountId);
  if (!opened || 'dueInMs' in opened) throw new Error('It did not begin');
  return opened;
}
const theEnd = { seen: 0, known: 0, next: undefined };
const dueInMs = async (accountId: string) =>
  ((await findAccountFacts(db, accountId))?.reconcileDueAt.getTime() ?? Number.NaN) - Date.now();

describe('a comparison', () => {
  it('is first due soon after the account was connected: its first walk may have ended too early', async () => {
    const accountId = await anAccount(db, { authenticatedAt: new Date() });
    expect(await dueInMs(accountId)).toBeGreaterThan(590_000);
    expect(await dueInMs(accountId)).toBeLessThanOrEqual(600_000);
    const opened = await openComparison(db, accountId);
    expect(opened).toEqual({ dueInMs: expect.closeTo(600_000, -5) });
    expect(await findCompleteness(db, accountId)).toMatchObject({ comparedAt: null, startedAt: null });
  });

  it('goes on where its last turn ended, and counts each turn once', async () => {
    const captureFrom = new Date('2026-01-01T00:00:00Z');
    const accountId = await anAccount(db, { captureFrom });
    const first = await aComparison(accountId);
    expect(first).toMatchObject({ from: captureFrom, captureFrom, seen: 0, known: 0 });
    expect(Date.now() - first.receivedBefore.getTime()).toBeGreaterThan(100_000);
    const next = new Date('2026-02-01T00:00:00Z');
    expect(await recordTurn(db, accountId, first, { seen: 1_000, known: 1_000, next })).toBe(0);
    expect(await recordTurn(db, accountId, first, { seen: 1_000, known: 1_000, next })).toBeUndefined();
    const second = (await openComparison(db, accountId)) as Comparison;
    expect(second).toMatchObject({ from: next, receivedBefore: first.receivedBefore, seen: 1_000 });

    const due = await recordTurn(db, accountId, second, { seen: 3, known: 2, next: undefined });
    expect(due).toBeGreaterThan(0.89 * DAY_MS);
    expect(due).toBeLessThan(1.11 * DAY_MS);
    expect(await recordTurn(db, accountId, second, theEnd)).toBeUndefined();
    expect(await findCompleteness(db, accountId)).toMatchObject({ inMailbox: 1_003, inLedger: 1_002, startedAt: null });
  });

  it('is followed by another when it was asked for while it was under way', async () => {
    const accountId = await anAccount(db);
    const comparison = await aComparison(accountId);
    await requestReconciliation(db, accountId);
    expect(await recordTurn(db, accountId, comparison, theEnd)).toBe(0);
    expect(await aComparison(accountId)).toMatchObject({ seen: 0 });
  });

  it('waits when it is postponed, and keeps what it has', async () => {
    const accountId = await anAccount(db);
    const comparison = await aComparison(accountId);
    await recordTurn(db, accountId, comparison, { seen: 5, known: 5, next: new Date() });
    await postponeReconciliation(db, accountId, 60_000);
    expect(await openComparison(db, accountId)).toEqual({ dueInMs: expect.closeTo(60_000, -4) });
    await requestReconciliation(db, accountId);
    expect(await openComparison(db, accountId)).toMatchObject({ seen: 5 });
  });

  it('starts over when the moment from which mail is captured has moved', async () => {
    const accountId = await anAccount(db);
    const comparison = await aComparison(accountId);
    await recordTurn(db, accountId, comparison, { seen: 5, known: 5, next: new Date() });
    const captureFrom = new Date('2026-03-01T00:00:00Z');
    await db.updateTable('accounts').set({ captureFrom }).where('id', '=', accountId).execute();
    expect(await openComparison(db, accountId)).toMatchObject({ from: captureFrom, seen: 0, known: 0 });
  });

  it('does not begin, nor go on, while the account is disabled', async () => {
    const accountId = await anAccount(db);
    await aComparison(accountId);
    await pauseAccount(db, accountId, 'test');
    expect(await openComparison(db, accountId)).toBeUndefined();
  });

  it('goes with the account', async () => {
    const accountId = await anAccount(db);
    const comparison = await aComparison(accountId);
    await removeAccount(db, accountId, 'test');
    expect(await openComparison(db, accountId)).toBeUndefined();
    expect(await recordTurn(db, accountId, comparison, theEnd)).toBeUndefined();
  });
});

describe('differences', () => {
  it('are remembered in the transaction that captures them, with the item that came of it', async () => {
    const accountId = await anAccount(db);
    const comparison = await aComparison(accountId);
    const [message, old] = [aMessage(), aMessage({ receivedAt: new Date('2019-12-31T00:00:00Z') })];
    const rejected = [{ graphId: 'AAkUnreadable', reason: 'unreadable' as const }];
    await capturePage(db, {
      accountId,
      folder: 'inbox',
      origin: 'comparison',
      step: undefined,
      messages: [message, old],
      rejected,
    });
    await recordDifferences(db, accountId, new Map([['AAkGone', { outcome: 'gone' }]]));
    const listed = await listDifferences(db, accountId, { limit: 10 });
    const ofOutcome = (outcome: string) => listed.filter((difference) => difference.outcome === outcome);
    expect(listed).toHaveLength(3);
    expect(ofOutcome('captured')).toMatchObject([
      { subject: message.subject, receivedAt: message.receivedAt, itemId: expect.any(String), quarantineId: null },
    ]);
    expect(ofOutcome('quarantined')).toMatchObject([{ subject: null, itemId: null, quarantineId: expect.any(String) }]);
    expect(ofOutcome('gone')).toMatchObject([{ itemId: null, quarantineId: null }]);
    expect(await listDifferences(db, accountId, { limit: 10, before: listed[1]?.id })).toEqual([listed[2]]);

    await recordTurn(db, accountId, comparison, { seen: 2, known: 2, next: undefined });
    expect(await findCompleteness(db, accountId)).toMatchObject({ repaired: 2 });
    const [event] = await listAccountEvents(db, accountId, { limit: 1 });
    expect(event).toMatchObject({
      name: 'account.differences-found',
      details: { captured: 1, quarantined: 1, gone: 1 },
    });
  });

  it('are none where a message is captured or in quarantine', async () => {
    const accountId = await anAccount(db);
    const [captured, missing] = [aMessage(), aMessage()];
    const rejected = [{ graphId: 'AAkParked', reason: 'unreadable' as const }];
    const page = {
      accountId,
      folder: 'inbox',
      origin: 'list',
      step: undefined,
      messages: [captured],
      rejected,
    } as const;
    await capturePage(db, page);
    const inLedger = await findInLedger(db, accountId, [captured.graphId, missing.graphId, 'AAkParked']);
    expect(inLedger).toEqual(
      new Map([
        [captured.graphId, true],
        ['AAkParked', false],
      ]),
    );
    expect(await listDifferences(db, accountId, { limit: 10 })).toEqual([]);
  });
});
