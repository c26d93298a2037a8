import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;

beforeEach(async () => {
  database = await createTestDatabase();
  // One connection: what it has prepared is seen in it.
  db = openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' });
  await sql`create table shelves (name text)`.execute(db);
});
afterEach(async () => {
  await db.destroy();
  await database.drop();
});

const query = (name: string) => sql<{ name: string }>`select * from shelves where name = ${name}`.execute(db);
const prepared = async () =>
  (await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db)).rows.map(
    ({ statement }) => statement,
  );

async function often(times = 6): Promise<void> {
  for (let n = 0; n < times; n++) await query('A');
}

describe('A statement', () => {
  it('is prepared by the connection that executes it for the fifth time', async () => {
    await often(4);
    expect(await prepared()).toEqual([]);
    await often(2);
    expect(await prepared()).toEqual(['select * from shelves where name = $1']);
  });

  it('goes on when a migration has changed what it answers', async () => {
    await sql`insert into shelves values ('A')`.execute(db);
    await often();
    await sql`alter table shelves add column height int default 3`.execute(db);
    expect((await query('A')).rows).toEqual([{ name: 'A', height: 3 }]);
    await often();
    expect(await prepared()).toHaveLength(2);
  });

  it('fails a transaction that a migration overtakes once, with the cause, and leaves the connection usable', async () => {
    await often();
    await sql`alter table shelves add column height int`.execute(db);
    const overtaken = db.transaction().execute(async (trx) => {
      await sql`select * from shelves where name = ${'A'}`.execute(trx);
    });
    await expect(overtaken).rejects.toThrow('cached plan must not change result type');
    expect((await query('A')).rows).toEqual([]);
  });

  it('goes on when the server has forgotten it, as poolers of sessions make it', async () => {
    await often();
    await sql`deallocate all`.execute(db);
    expect((await query('A')).rows).toEqual([]);
  });

  it('of many that are executed once is none, and keeps no other from it', async () => {
    for (let n = 0; n < 300; n++) await sql`select ${sql.lit(n)}::int where ${n}::int = 0`.execute(db);
    expect(await prepared()).toEqual([]);
    await often();
    expect(await prepared()).toHaveLength(1);
  });
});
