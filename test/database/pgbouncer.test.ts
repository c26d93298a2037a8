import { sql } from 'kysely';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { migrateToLatest } from '../../database/migrate.ts';
import { listenToNotices } from '../../database/notices.ts';
import { findServerProblem } from '../../database/processes/server-problem.ts';
import { eventually } from '../support/eventually.ts';
import { hasPgBouncer, type PgBouncer, startPgBouncer } from '../support/pgbouncer.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let bouncer: PgBouncer | undefined;
let database: TestDatabase | undefined;
afterEach(async () => {
  await bouncer?.stop();
  await database?.drop();
  bouncer = undefined;
  database = undefined;
});

async function through(mode: 'session' | 'transaction' | 'statement'): Promise<string> {
  database = await createTestDatabase();
  bouncer = await startPgBouncer(inject('postgresUrl'), mode);
  return bouncer.urlOf(database.url);
}

/** CI installs it; elsewhere: `apt-get install pgbouncer`. */
describe.runIf(hasPgBouncer)('PgBouncer that pools sessions', () => {
  it('is PostgreSQL to Mailroom: migrations, limits, locks and notices', async () => {
    const url = await through('session');
    expect(await findServerProblem(url)).toBeUndefined();
    expect(await migrateToLatest(url)).toEqual([]);
    const heard: string[] = [];
    let isListening = false;
    const listener = listenToNotices(
      { url, applicationName: 'test', channel: 'through_pgbouncer' },
      { onNotice: (payload) => heard.push(payload), onListening: () => (isListening = true), onLost: () => {} },
    );
    const db = openDatabase({ url, poolSize: 2, applicationName: 'test' });
    try {
      await eventually(() => expect(isListening).toBe(true));
      const limits = sql<{ all: string }>`select concat_ws(' ', current_setting('statement_timeout'),
        current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout')) as "all"`;
      expect((await limits.execute(db)).rows).toEqual([{ all: '30s 10s 7s' }]);
      await db.transaction().execute(async (trx) => {
        await sql`select pg_advisory_xact_lock(7), pg_notify('through_pgbouncer', 'hello')`.execute(trx);
        const other = await sql<{ free: boolean }>`select pg_try_advisory_xact_lock(7) as free`.execute(db);
        expect(other.rows).toEqual([{ free: false }]);
      });
      await eventually(() => expect(heard).toEqual(['hello']));
    } finally {
      await Promise.all([db.destroy(), listener.close()]);
    }
  });
});

describe.runIf(hasPgBouncer)('PgBouncer that gives sessions to one client after the other', () => {
  it.each(['transaction', 'statement'] as const)('is refused in one sentence: pool_mode = %s', async (mode) => {
    const url = await through(mode);
    expect(await findServerProblem(url)).toMatch(
      /^DATABASE_URL leads to a pooler that shares sessions .+ pool_mode = session/,
    );
    await expect(migrateToLatest(url)).rejects.toThrow(/pool_mode = session/);
  });
});

describe('PostgreSQL itself', () => {
  it('is what Mailroom needs', async () => {
    expect(await findServerProblem(inject('postgresUrl'))).toBeUndefined();
  });

  it('that is away is not judged', async () => {
    expect(await findServerProblem('postgres://me:pw@127.0.0.1:1/mailroom')).toBeUndefined();
  });
});
