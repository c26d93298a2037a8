import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import {
  BUDGET_TOKENS,
  BUDGET_TOKENS_PER_SECOND,
  holdMailbox,
  REQUESTS_PAID_AT_ONCE,
  releaseMailbox,
  renewHold,
} from '../../database/mailbox-budgets.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Microsoft's: 10,000 requests in ten minutes for each app and mailbox. */
const ALLOWED = 10_000;
const WINDOW_SECONDS = 600;

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

const LEASE_MS = 30_000;
const hold = (id: string, holder = randomUUID()) => holdMailbox(db, id, { holder, leaseMs: LEASE_MS });
async function held(id: string) {
  const holder = randomUUID();
  const taken = await hold(id, holder);
  return taken.held ? { holder, paid: taken.paid } : expect.fail('somebody else holds it');
}
const tokensOf = async (id: string) =>
  (await db.selectFrom('mailboxBudgets').select('tokens').where('accountId', '=', id).executeTakeFirstOrThrow()).tokens;
/** Lets time pass for the bucket and for who holds it. */
const pass = (id: string, seconds: number) =>
  db
    .updateTable('mailboxBudgets')
    .set({
      refilledAt: sql`refilled_at - ${seconds} * interval '1 second'`,
      heldUntil: sql`held_until - ${seconds} * interval '1 second'`,
    })
    .where('accountId', '=', id)
    .execute();

describe('the budget of a mailbox', () => {
  it('gives to one drain at a time, until that lets go or its lease ends', async () => {
    const id = await anAccount(db);
    const attempts = await Promise.all([hold(id), hold(id), hold(id)]);
    expect(attempts.filter((attempt) => attempt.held)).toHaveLength(1);
    const refused = await hold(id);
    expect(refused).toEqual({ held: false, freeInMs: expect.any(Number) });
    await pass(id, LEASE_MS / 1_000);
    expect((await hold(id)).held).toBe(true);
  });

  it('is gone for who lost the mailbox', async () => {
    const id = await anAccount(db);
    const { holder } = await held(id);
    await pass(id, LEASE_MS / 1_000);
    const next = await held(id);
    expect(await renewHold(db, id, { holder, leaseMs: LEASE_MS, requests: 10 })).toBeUndefined();
    const before = await tokensOf(id);
    await releaseMailbox(db, id, { holder, unspent: 100 });
    expect(await tokensOf(id)).toBe(before);
    expect(await renewHold(db, id, { holder: next.holder, leaseMs: LEASE_MS, requests: 10 })).toBe(10);
  });

  it('gets back what was paid and not sent, and goes into debt for what was sent and not paid', async () => {
    const id = await anAccount(db);
    const first = await held(id);
    await releaseMailbox(db, id, { holder: first.holder, unspent: first.paid - 1 });
    expect(await tokensOf(id)).toBeCloseTo(BUDGET_TOKENS - 1, -1);
    const second = await held(id);
    await releaseMailbox(db, id, { holder: second.holder, unspent: -BUDGET_TOKENS });
    expect(await tokensOf(id)).toBeLessThan(0);
    expect((await held(id)).paid).toBe(0);
  });

  it('pays for what a killed worker may have sent', async () => {
    const id = await anAccount(db);
    await held(id);
    await pass(id, LEASE_MS / 1_000);
    await held(id);
    const refilled = (LEASE_MS / 1_000) * BUDGET_TOKENS_PER_SECOND;
    expect(await tokensOf(id)).toBeLessThan(BUDGET_TOKENS - 2 * REQUESTS_PAID_AT_ONCE + refilled + 1);
  });

  it('never gives more in ten minutes than Microsoft allows, however greedy a drain is', async () => {
    const id = await anAccount(db);
    const { holder, paid } = await held(id);
    let given = paid;
    for (let second = 0; second < WINDOW_SECONDS; second++) {
      for (;;) {
        const more = (await renewHold(db, id, { holder, leaseMs: LEASE_MS, requests: 500 })) ?? 0;
        if (more === 0) break;
        given += more;
      }
      await pass(id, 1);
    }
    expect(given).toBeGreaterThan(0.9 * ALLOWED);
    expect(given).toBeLessThan(ALLOWED - WINDOW_SECONDS / 2);
  });
});
