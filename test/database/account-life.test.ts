import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommandRecord } from '../../database/accounts/account-commands.ts';
import { setCondition } from '../../database/accounts/account-conditions.ts';
import { findAccountFacts } from '../../database/accounts/account-facts.ts';
import { findAccount } from '../../database/accounts/account-reads.ts';
import { expireSignIn, openSignIn } from '../../database/accounts/account-sign-in.ts';
import { pauseAccount, resumeAccount } from '../../database/accounts/account-toggle.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { openCursor } from '../../database/ingest/cursors.ts';
import { completeSignIn, refuseSignIn } from '../../database/sign-in/sign-ins.ts';
import { aKeyRing, anAccount } from '../support/builders.ts';
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

describe('an account that is not read', () => {
  it('is hindered by nothing, also when the last attempt to read it fails afterwards', async () => {
    const [read, paused, needed] = await Promise.all([
      anAccount(db),
      anAccount(db, { enabled: false }),
      anAccount(db, { signIn: 'needed' }),
    ]);
    for (const id of [read, paused, needed]) await setCondition(db, id, { type: 'Throttled', reason: 'rate-limited' });
    const conditionOf = async (id: string) => (await findAccount(db, id))?.conditionType;
    expect(await conditionOf(read)).toBe('Throttled');
    expect([await conditionOf(paused), await conditionOf(needed)]).toEqual([null, null]);
  });
});

describe('an account that many disable and enable at once', () => {
  it('is changed once by each command that found it otherwise, and by no other', async () => {
    const id = await anAccount(db);
    const commands = Array.from({ length: 24 }, (_, n) =>
      n % 2 === 0 ? pauseAccount(db, id, 'test') : resumeAccount(db, id, { actor: 'test', mode: 'catch-up' }),
    );
    const changed = (await Promise.all(commands)).filter(({ outcome }) => outcome === 'done').length;
    const events = await db.selectFrom('events').select('name').where('accountId', '=', id).orderBy('id').execute();
    const names = events.map(({ name }) => name);
    expect(names).toEqual(names.map((_, n) => (n % 2 === 0 ? 'account.paused' : 'account.resumed')));
    expect(names).toHaveLength(changed);
    expect(await findAccountFacts(db, id)).toMatchObject({ enabled: names.at(-1) !== 'account.paused' });
  });

  it('is disabled once by ten who disable it, and its moment of resumption is moved once', async () => {
    const id = await anAccount(db);
    const outcomes = async (command: () => Promise<CommandRecord>) =>
      (await Promise.all(Array.from({ length: 10 }, command))).map(({ outcome }) => outcome).toSorted();
    const once = ['done', ...Array(9).fill('unchanged')];
    expect(await outcomes(() => pauseAccount(db, id, 'test'))).toEqual(once);
    expect(await outcomes(() => resumeAccount(db, id, { actor: 'test', mode: 'from-now' }))).toEqual(once);
  });
});

describe('an account that is signed in to again', () => {
  const keys = aKeyRing();

  it.each([
    ['goes on where it was', {}, 'a link'],
    ['walks from the start under another address, because links hold it', { address: 'new@contoso.example' }, null],
    ['walks from the start as a shared mailbox, because links hold that', { signInAs: 'anna@contoso.example' }, null],
  ])('%s', async (_, changed: { address?: string; signInAs?: string }, link: string | null) => {
    const identity = { tenantId: 't', objectId: crypto.randomUUID(), username: 'u', displayName: 'U' };
    const before = `${crypto.randomUUID()}@contoso.example`;
    const id = await anAccount(db, { address: before });
    await openCursor(db, id, 'inbox');
    await db.updateTable('cursors').set({ link: 'a link', complete: true }).where('accountId', '=', id).execute();
    const account = {
      address: before,
      signInAs: null,
      access: 'delegated' as const,
      inboxId: null,
      identityTenantId: null,
      identityObjectId: null,
    };
    const { address = before, signInAs = null } = changed;
    const signedIn = { tokenCache: '{}', identity, maySend: false, address, inboxId: undefined, clockSkewMs: 0 };
    const attempt = { id: crypto.randomUUID(), accountId: id, signInAs, account };
    expect(await completeSignIn(db, keys, attempt, signedIn)).toEqual({ stored: true });
    expect((await openCursor(db, id, 'inbox')).link).toBe(link);
  });
});

describe('an account whose sign-in was refused', () => {
  it('still waits until the day of its attempt is over, and shows why', async () => {
    const id = await anAccount(db, { signIn: 'awaiting' });
    const attempt = await anAttempt(id, { expiresInMs: MINUTE_MS, used: true });
    await refuseSignIn(db, attempt, { type: 'CredentialRejected', reason: 'consent-denied' });
    expect(await findAccountFacts(db, id)).toMatchObject({ signIn: 'awaiting', signInExpiresAt: attempt.expiresAt });

    await expireSignIn(db, id);
    expect(await stateOf(id)).toEqual({ signIn: 'awaiting', signInReason: 'consent-denied' });
    await openSignIn(db, id, { actor: 'cli', signInId: attempt.id });
    expect(await stateOf(id)).toEqual({ signIn: 'awaiting', signInReason: null });
  });

  it('expires like any other, and waits again for a new attempt', async () => {
    const id = await anAccount(db, { signIn: 'awaiting' });
    const { id: signInId } = await anAttempt(id, { expiresInMs: -MINUTE_MS, used: true });
    await expireSignIn(db, id);
    expect(await stateOf(id)).toEqual({ signIn: 'expired', signInReason: null });
    await openSignIn(db, id, { actor: 'cli', signInId });
    expect(await stateOf(id)).toEqual({ signIn: 'awaiting', signInReason: null });
  });
});
