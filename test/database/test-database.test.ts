import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/test-database.ts';

describe('createTestDatabase', () => {
  it('gives each caller a migrated database that shares nothing with the others', async () => {
    const databases = [await createTestDatabase(), await createTestDatabase()];
    const [first, second] = databases.map(({ url }) => new pg.Client({ connectionString: url }));
    if (!first || !second) throw new Error('There are two databases');
    await Promise.all([first.connect(), second.connect()]);
    try {
      await first.query('create table mine (id int)');
      await expect(second.query('select from mine')).rejects.toThrow('does not exist');
      const { rows } = await second.query('select name from kysely_migration');
      expect(rows.length).toBeGreaterThan(0);
    } finally {
      await Promise.all([first.end(), second.end()]);
    }
    await Promise.all(databases.map((database) => database.drop()));
  });

  it('fails, naming the culprit, when a connection is left open', async () => {
    const database = await createTestDatabase();
    const client = new pg.Client({ connectionString: database.url, application_name: 'forgotten' });
    client.on('error', () => {});
    await client.connect();
    await expect(database.drop()).rejects.toThrow('forgotten');
    await client.end().catch(() => {});
  });
});
