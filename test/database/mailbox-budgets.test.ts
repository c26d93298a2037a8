import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import {
  holdMailbox,
  REQUESTS_IN_TEN_MINUTES,
  REQUESTS_PAID_AT_ONCE,
  releaseMailbox,
  renewHold,
} from '../../database/ingest/mailbox-budgets.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 2, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const leaseMs = 60_000;
const aDrain = () => ({ holder: randomUUID(), leaseMs });

async function aHeldMailbox() {
  const accountId = await anAccount(db);
  const drain = aDrain();
  const hold = await holdMailbox(db, accountId, drain);
  return { accountId, holder: drain.holder, hold };
}

/** Lets minutes pass, as far as the budget is concerned. */
const later = (accountId: string, minutes: number) =>
  sql`update mailbox_budgets set minute = minute - ${minutes} where account_id = ${accountId}`.execute(db);

describe('a mailbox that is held', () => {
  it('is not held by another, until it is let go of', async () => {
    const { accountId, holder, hold } = await aHeldMailbox();
    expect(hold).toMatchObject({ held: true, paid: REQUESTS_PAID_AT_ONCE });
    const other = aDrain();
    const refused = await holdMailbox(db, accountId, other);
    expect(refused).toMatchObject({ held: false });
    expect(await renewHold(db, accountId, { ...other, requests: 1 })).toBeUndefined();
    await releaseMailbox(db, accountId, { holder, unspent: 0 });
    expect(await holdMailbox(db, accountId, other)).toMatchObject({ held: true });
  });

  it('is free when its lease is over, and its old holder learns of that', async () => {
    const { accountId, holder } = await aHeldMailbox();
    await sql`update mailbox_budgets set held_until = now() where account_id = ${accountId}`.execute(db);
    expect(await holdMailbox(db, accountId, aDrain())).toMatchObject({ held: true });
    expect(await renewHold(db, accountId, { holder, leaseMs, requests: 0 })).toBeUndefined();
  });
});

describe('the requests of ten minutes', () => {
  it('may be sent at once, but no more, and are there again when their minute has left', async () => {
    const { accountId, holder } = await aHeldMailbox();
    const all = { holder, leaseMs, requests: 20_000 };
    expect(await renewHold(db, accountId, all)).toMatchObject({
      paid: REQUESTS_IN_TEN_MINUTES - REQUESTS_PAID_AT_ONCE,
    });
    const more = await renewHold(db, accountId, { holder, leaseMs, requests: 1 });
    expect(more).toMatchObject({ paid: 0 });
    expect(more?.nextInMs).toBeGreaterThan(9 * 60_000);
    expect(more?.nextInMs).toBeLessThanOrEqual(11 * 60_000);

    await later(accountId, 10);
    const last = await renewHold(db, accountId, { holder, leaseMs, requests: 1 });
    expect(last).toMatchObject({ paid: 0 });
    expect(last?.nextInMs).toBeLessThanOrEqual(60_000);
    await later(accountId, 1);
    expect(await renewHold(db, accountId, all)).toMatchObject({ paid: REQUESTS_IN_TEN_MINUTES });
  });

  it('never hold more than is allowed, however they are spread', async () => {
    const { accountId, holder } = await aHeldMailbox();
    const paid: number[] = [REQUESTS_PAID_AT_ONCE];
    for (let minute = 1; minute <= 40; minute += 1) {
      await later(accountId, 1);
      paid.push((await renewHold(db, accountId, { holder, leaseMs, requests: 1_700 }))?.paid ?? Number.NaN);
      const tenMinutes = paid.slice(-11).reduce((sum, requests) => sum + requests, 0);
      expect(tenMinutes).toBeLessThanOrEqual(REQUESTS_IN_TEN_MINUTES);
    }
    expect(paid.reduce((sum, requests) => sum + requests, 0)).toBeGreaterThan(3 * REQUESTS_IN_TEN_MINUTES);
  });

  it('come back where they were paid for and not sent, and count where they were sent and not paid for', async () => {
    const { accountId, holder } = await aHeldMailbox();
    await releaseMailbox(db, accountId, { holder, unspent: REQUESTS_PAID_AT_ONCE - 3 });
    const again = aDrain();
    await holdMailbox(db, accountId, again);
    const { paid = 0 } = (await renewHold(db, accountId, { ...again, requests: 20_000 })) ?? {};
    expect(paid).toBe(REQUESTS_IN_TEN_MINUTES - REQUESTS_PAID_AT_ONCE - 3);
    await releaseMailbox(db, accountId, { holder: again.holder, unspent: -7 });
    const row = await db.selectFrom('mailboxBudgets').selectAll().where('accountId', '=', accountId).execute();
    expect(row[0]?.requests[0]).toBe(REQUESTS_IN_TEN_MINUTES + 7);
  });
});
