import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase, type Queryable } from '../../database/database.ts';
import * as ledger from '../../database/migrations/0018-ledger.ts';
import { anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
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

it('takes into the ledger also what is written while the migration fills it', async () => {
  const accountId = await anAccount(db);
  const write = (on: Queryable, graphId: string) =>
    sql`
      insert into messages (account_id, graph_id, subject, recipients, received_at, body_text, importance, has_attachments)
      values (${accountId}, ${graphId}, 'Hello', '{}', now(), '', 'normal', false)
    `.execute(on);
  // As it was before.
  await sql`drop trigger take_into_ledger on messages`.execute(db);
  await sql`drop function take_into_ledger`.execute(db);
  await sql`drop table captured`.execute(db);
  await write(db, 'before');

  const isWaiting = sql<{ waiting: number }>`
    select count(*) as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  const migration = await db.transaction().execute(async (writer) => {
    await write(writer, 'meanwhile');
    const underWay = db.transaction().execute((trx) => ledger.up(trx as unknown as Kysely<unknown>));
    // It has filled the ledger, and waits for this transaction to create its trigger.
    await eventually(async () => expect((await isWaiting.execute(db)).rows[0]?.waiting).toBe(1));
    return { underWay };
  });
  await migration.underWay;
  await write(db, 'afterwards');
  const captured = await db.selectFrom('captured').select('graphId').orderBy('graphId').execute();
  expect(captured.map(({ graphId }) => graphId)).toEqual(['afterwards', 'before', 'meanwhile']);
});
