import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { asDatabaseFailure } from '../../database/database-failure.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
let other: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 2, applicationName: 'victim' });
  other = openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' });
});
afterAll(async () => {
  await Promise.all([db.destroy(), other.destroy()]);
  await database.drop();
});

const cut = () =>
  sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim'`.execute(other);
const failureOf = (work: Promise<unknown>) => work.then(() => 'nothing', asDatabaseFailure);
/** The pool may hand out a broken connection once more before it hears of its end. */
const answersAgain = () => eventually(() => sql`select 1`.execute(db));
const unavailable = { type: 'Unavailable', reason: 'database-down' };

describe('a connection that is cut', () => {
  it('in the middle of a query fails that query, and nothing else', async () => {
    const query = failureOf(sql`select pg_sleep(20)`.execute(db));
    await expect
      .poll(
        async () =>
          (
            await sql`select 1 from pg_stat_activity where query like '%pg_sleep(20)%'
      and application_name = 'victim'`.execute(other)
          ).rows.length,
      )
      .toBe(1);
    await cut();
    expect(await query).toMatchObject(unavailable);
    await answersAgain();
  });

  it('between two statements of a transaction fails the transaction, and nothing of it stays', async () => {
    const transaction = db.transaction().execute(async (trx) => {
      await trx.insertInto('queues').values({ name: 'Half' }).execute();
      await cut();
      await trx.insertInto('queues').values({ name: 'Other half' }).execute();
    });
    expect(await failureOf(transaction)).toMatchObject(unavailable);
    expect(await db.selectFrom('queues').select('name').execute()).toEqual([]);
  });

  it('while it is idle is replaced without a word', async () => {
    await sql`select 1`.execute(db);
    await cut();
    await answersAgain();
  });
});
