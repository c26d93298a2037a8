import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findAccount, listAccounts } from '../../database/accounts/account-reads.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { anAccount } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const MINUTE_MS = 60_000;
const ago = (ms: number) => new Date(Date.now() - ms);
const soon = new Date(Date.now() + MINUTE_MS);

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
  /** Undefined: the mailbox was read a moment ago, and is looked at in a moment. Null: there is none. */
  readonly watch?: { readonly dueAt: Date | 'infinity'; readonly currentAt: Date | null } | null;
  /** The walk: whether it has reached its end, and when it last wrote a page. Null: it has not begun. */
  readonly cursor?: { readonly complete: boolean; readonly updatedAt: Date } | null;
  readonly heldUntil?: Date;
}

const connected = { authenticatedAt: ago(60 * MINUTE_MS), updatedAt: ago(60 * MINUTE_MS) };
const watched = { dueAt: soon, currentAt: ago(1_000) };
const suspended = { dueAt: 'infinity', currentAt: ago(10 * MINUTE_MS) } as const;
const atItsEnd = { complete: true, updatedAt: ago(10 * MINUTE_MS) };

async function read({ account = {}, watch = watched, cursor = atItsEnd, heldUntil }: Facts) {
  const accountId = await anAccount(db, { ...connected, ...account });
  if (watch) {
    await db
      .insertInto('watches')
      .values({ accountId, ...watch })
      .execute();
  }
  if (cursor) {
    await db
      .insertInto('cursors')
      .values({ accountId, folder: 'inbox', ...cursor })
      .execute();
  }
  if (heldUntil) {
    await db
      .insertInto('mailboxBudgets')
      .values({ accountId, holder: null, heldUntil, requests: [1], minute: 1 })
      .execute();
  }
  return await findAccount(db, accountId);
}

describe('how far a mailbox is read', () => {
  it.each<[string, string, Facts]>([
    ['one that is looked at in time', 'current', {}],
    [
      'one that is notified, and was looked at nine minutes ago',
      'current',
      { watch: { dueAt: soon, currentAt: ago(9 * MINUTE_MS) } },
    ],
    ['one whose look is due', 'current', { watch: { dueAt: ago(5_000), currentAt: ago(30_000) } }],
    [
      'one whose look was due minutes ago',
      'late',
      { watch: { dueAt: ago(3 * MINUTE_MS), currentAt: ago(4 * MINUTE_MS) } },
    ],
    [
      'one that Microsoft asked to wait, and that nobody looks at since',
      'late',
      {
        account: { conditionType: 'Throttled', conditionUntil: ago(5 * MINUTE_MS) },
        watch: { dueAt: ago(5 * MINUTE_MS), currentAt: ago(9 * MINUTE_MS) },
      },
    ],
    ['one that is paused', 'off', { account: { enabled: false }, watch: suspended }],
    ['one that needs a sign-in', 'off', { account: { signIn: 'needed' }, watch: suspended }],
    [
      'one that was connected a moment ago',
      'catching-up',
      { account: { authenticatedAt: ago(1_000) }, watch: null, cursor: null },
    ],
    [
      'one that was connected, and that nobody reads',
      'late',
      { watch: { dueAt: 'infinity', currentAt: null }, cursor: null },
    ],
    [
      'one in its first walk',
      'catching-up',
      { watch: { dueAt: 'infinity', currentAt: null }, cursor: { complete: false, updatedAt: ago(1_000) } },
    ],
    [
      'one that is read anew',
      'catching-up',
      { watch: { ...suspended, currentAt: ago(1_000) }, cursor: { complete: false, updatedAt: ago(500) } },
    ],
    [
      'one in a drain that wrote pages',
      'catching-up',
      { watch: suspended, cursor: { complete: true, updatedAt: ago(1_000) } },
    ],
    ['one in a drain that a worker has only begun', 'current', { watch: suspended, heldUntil: soon }],
    [
      'one that waits for a slow page',
      'catching-up',
      {
        watch: suspended,
        cursor: { complete: false, updatedAt: ago(4 * MINUTE_MS) },
        heldUntil: soon,
      },
    ],
    ['one whose drain nobody goes on with', 'late', { watch: suspended, heldUntil: ago(5 * MINUTE_MS) }],
    ['one that was enabled a moment ago', 'catching-up', { account: { updatedAt: ago(1_000) }, watch: suspended }],
    [
      'one whose drain waits for Microsoft',
      'hindered',
      { account: { conditionType: 'Unavailable', conditionReason: 'service-down' }, watch: suspended },
    ],
    [
      'one whose first walk waits for Microsoft',
      'hindered',
      {
        account: { conditionType: 'Throttled', conditionUntil: soon },
        watch: { dueAt: 'infinity', currentAt: null },
        cursor: null,
      },
    ],
    [
      'one that is looked at in time, and whose looks fail',
      'hindered',
      {
        account: { conditionType: 'Unavailable', conditionReason: 'network' },
        watch: { dueAt: soon, currentAt: ago(9 * MINUTE_MS) },
      },
    ],
    [
      'one that was never looked at, and is due',
      'catching-up',
      { watch: { dueAt: soon, currentAt: null }, cursor: null },
    ],
    ['one that waits for its first look without a walk', 'catching-up', { watch: { dueAt: soon, currentAt: null } }],
    [
      'one that was signed in to again a moment ago',
      'catching-up',
      { account: { authenticatedAt: ago(1_000) }, watch: suspended },
    ],
    [
      'one whose drain should have gone on, because the time that Microsoft named is over',
      'late',
      { account: { conditionType: 'Throttled', conditionUntil: ago(5 * MINUTE_MS) }, watch: suspended },
    ],
  ])('%s: %s', async (_name, expected, facts) => {
    expect((await read(facts))?.reading).toBe(expected);
  });

  it('says for how long it was not polled, by the database’s clock, and nothing else', async () => {
    const late = await read({ watch: { dueAt: ago(3 * MINUTE_MS), currentAt: ago(4 * MINUTE_MS) } });
    expect(late?.lateForSeconds).toBeGreaterThanOrEqual(240);
    expect(late?.lateForSeconds).toBeLessThan(260);
    expect((await read({}))?.lateForSeconds).toBeNull();
  });

  it('brings what is late before what is well, in the order of their status', async () => {
    const well = await read({});
    const late = await read({ watch: { dueAt: ago(3 * MINUTE_MS), currentAt: ago(4 * MINUTE_MS) } });
    const query = { search: undefined, sort: 'status', descending: false, limit: 200, offset: 0 } as const;
    const ids = (await listAccounts(db, query)).accounts.map(({ id }) => id);
    expect(ids.indexOf(late?.id ?? '')).toBeLessThan(ids.indexOf(well?.id ?? ''));
  });
});
