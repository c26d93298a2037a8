import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { listUsers } from '../../database/people/users.ts';
import { listQueues, removeQueue } from '../../database/queues/queues.ts';
import { seedExample } from '../../scripts/embedded/seed-example.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 1, applicationName: 'test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

it('gives an empty database two queues, and a user of each security profile', async () => {
  expect(await seedExample(database.url)).toBe(true);
  expect((await listUsers(db)).map(({ profile }) => profile).sort()).toEqual(['Admin', 'Agent', 'Supervisor']);
  expect((await listQueues(db)).map(({ name }) => name)).toEqual(['Billing', 'Support']);
});

it('never brings back what was removed', async () => {
  for (const { id } of await listQueues(db)) await removeQueue(db, 'cli', id);
  expect(await seedExample(database.url)).toBe(false);
  expect(await listQueues(db)).toEqual([]);
});
