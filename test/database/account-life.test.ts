import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expireSignIn, findAccountFacts, openSignIn } from '../../database/account-life.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { refuseSignIn } from '../../database/sign-ins.ts';
import { anAccount } from '../support/builders.ts';
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

const MINUTE_MS = 60_000;

async function anAttempt(accountId: string, { expiresInMs, used }: { expiresInMs: number; used: boolean }) {
  const expiresAt = new Date(Date.now() + expiresInMs);
  const attempt = { accountId, expiresAt, usedAt: used ? new Date() : null, stateHash: randomBytes(32) };
  const { id } = await db
    .insertInto('signIns')
    .values({ ...attempt, nonce: 'x', codeVerifier: 'x', redirectUri: 'x', code: null, failureReason: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, accountId, expiresAt };
}

const stateOf = async (id: string) =>
  await db.selectFrom('accounts').select(['signIn', 'signInReason']).where('id', '=', id).executeTakeFirstOrThrow();

describe('an account whose sign-in was refused', () => {
  it('still waits until the day of its attempt is over, and shows why', async () => {
    const id = await anAccount(db, { signIn: 'awaiting' });
    const attempt = await anAttempt(id, { expiresInMs: MINUTE_MS, used: true });
    await refuseSignIn(db, attempt, { type: 'CredentialRejected', reason: 'consent-denied' });
    expect(await findAccountFacts(db, id)).toMatchObject({ signIn: 'awaiting', signInExpiresAt: attempt.expiresAt });

    await expireSignIn(db, id);
    expect(await stateOf(id)).toEqual({ signIn: 'awaiting', signInReason: 'consent-denied' });
    await openSignIn(db, id, 'cli');
    expect(await stateOf(id)).toEqual({ signIn: 'awaiting', signInReason: null });
  });

  it('expires like any other, and waits again for a new attempt', async () => {
    const id = await anAccount(db, { signIn: 'awaiting' });
    await anAttempt(id, { expiresInMs: -MINUTE_MS, used: true });
    await expireSignIn(db, id);
    expect(await stateOf(id)).toEqual({ signIn: 'expired', signInReason: null });
    await openSignIn(db, id, 'cli');
    expect(await stateOf(id)).toEqual({ signIn: 'awaiting', signInReason: null });
  });
});
