import { afterAll, beforeAll, expect, it } from 'vitest';
import { listStaleAccounts } from '../../database/accounts/stale-accounts.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ago = (ms: number) => new Date(Date.now() - ms);

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

interface Facts {
  readonly account?: Parameters<typeof anAccount>[1];
  /** Undefined: the mailbox was read a moment ago, and is looked at in a moment. */
  readonly watch?: { readonly dueAt: Date | string; readonly currentAt: Date | null };
  /** When a comparison is due; tomorrow, when not given. */
  readonly comparedAt?: Date;
  readonly subscriptionDueAt?: Date;
  readonly tokensOf?: Date;
}

const well = { updatedAt: ago(DAY_MS), authenticatedAt: ago(DAY_MS / 2) };
const soon = { dueAt: new Date(Date.now() + MINUTE_MS), currentAt: ago(1_000) };

/** What the workflow is told; false: nothing. */
async function needsOf({ account = {}, watch = soon, ...facts }: Facts): Promise<false | string> {
  const { comparedAt = new Date(Date.now() + DAY_MS), subscriptionDueAt, tokensOf = ago(1_000) } = facts;
  const accountId = await anAccount(db, { ...well, ...account });
  await db
    .insertInto('watches')
    .values({ accountId, ...watch })
    .execute();
  await db.insertInto('tokenCaches').values({ accountId, cache: 'encrypted', updatedAt: tokensOf }).execute();
  await db.insertInto('reconciliations').values({ accountId, dueAt: comparedAt }).execute();
  if (subscriptionDueAt) await db.insertInto('subscriptions').values({ accountId, dueAt: subscriptionDueAt }).execute();
  return (await listStaleAccounts(db, 1_000)).find(({ id }) => id === accountId)?.needs ?? false;
}

it.each<[string, false | string, Facts]>([
  ['an account that was read a moment ago', false, {}],
  ['one that nobody reads', 'reading', { watch: { dueAt: 'infinity', currentAt: ago(10 * MINUTE_MS) } }],
  ['one that nobody has ever read', 'reading', { watch: { dueAt: 'infinity', currentAt: null } }],
  ['one that is notified, and looked at in time', false, { watch: { ...soon, currentAt: ago(9 * MINUTE_MS) } }],
  [
    'one that nobody reads because Microsoft asked to wait',
    false,
    {
      account: { conditionType: 'Throttled', conditionUntil: new Date(Date.now() + MINUTE_MS) },
      watch: { dueAt: 'infinity', currentAt: ago(10 * MINUTE_MS) },
    },
  ],
  ['one that is read, but not compared', 'upkeep', { comparedAt: ago(2 * 60 * MINUTE_MS) }],
  ['one whose notifications nobody looks after', 'upkeep', { subscriptionDueAt: ago(3 * MINUTE_MS) }],
  ['one whose notifications became due a moment ago', false, { subscriptionDueAt: ago(5_000) }],
  ['one whose comparison was due a moment ago', false, { comparedAt: ago(MINUTE_MS) }],
  [
    'one that is not compared because its mailbox is gone',
    false,
    { account: { conditionType: 'MailboxGone' }, comparedAt: ago(DAY_MS) },
  ],
  ['a paused one whose sign-in was used last week', false, { account: { enabled: false }, tokensOf: ago(8 * DAY_MS) }],
  ['a paused one whose sign-in is not used', 'workflow', { account: { enabled: false }, tokensOf: ago(16 * DAY_MS) }],
  [
    'one that waits for a sign-in',
    false,
    { account: { signIn: 'awaiting', signInSince: ago(DAY_MS / 2) }, watch: { dueAt: 'infinity', currentAt: null } },
  ],
  [
    'one whose sign-in should have expired',
    'workflow',
    { account: { signIn: 'awaiting', signInSince: ago(2 * DAY_MS) }, watch: { dueAt: 'infinity', currentAt: null } },
  ],
])('%s: its workflow is told of %s', async (_name, expected, facts) => {
  expect(await needsOf(facts)).toBe(expected);
});
