import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../database/database.ts';
import { noteWrites, noWrites, type WriteOutcome } from '../../database/write-outcome.ts';
import { eventually } from '../support/eventually.ts';
import { startTestApi, type TestApi } from './test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const { db } = api;
  // What is named "at once" lasts before the statement ends, what is named "at the end" before the commit does.
  await sql`create function dawdle() returns trigger language plpgsql as $$ begin
    if new.name like tg_argv[0] || '%' then perform pg_sleep(20); end if; return new; end $$`.execute(db);
  await sql`create trigger at_once before insert on queues for each row execute function dawdle('at once')`.execute(db);
  await sql`create constraint trigger at_the_end after insert on queues deferrable initially deferred
    for each row execute function dawdle('at the end')`.execute(db);
  await sql`create function refuse() returns trigger language plpgsql as $$ begin
    if new.name like 'full%' then raise exception using errcode = 'disk_full'; end if; return new; end $$`.execute(db);
  await sql`create trigger full_disk before insert on queues for each row execute function refuse()`.execute(db);
});
afterAll(() => api.stop());

/** Cuts the connection that is dawdling. */
async function cut(): Promise<void> {
  const other = openDatabase({ url: api.databaseUrl, poolSize: 1, applicationName: 'cutter' });
  try {
    await eventually(
      async () => {
        const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where wait_event = 'PgSleep' and datname = current_database()`.execute(other);
        expect(rows).toHaveLength(1);
      },
      { timeoutMs: 10_000 },
    );
  } finally {
    await other.destroy();
  }
}

/** The pool may hand out a broken connection once more before it hears of its end. */
afterEach(() => eventually(() => sql`select 1`.execute(api.db)));

const insert = (name: string, db = api.db) => db.insertInto('queues').values({ name }).execute();
const inTransaction = (...names: readonly string[]) =>
  api.db.transaction().execute(async (trx) => {
    for (const name of names) await trx.insertInto('queues').values({ name }).execute();
  });

describe('what became of a write', () => {
  it.each<[string, WriteOutcome, () => Promise<unknown>, boolean]>([
    ['that went well is known', 'something', () => insert('well'), false],
    ['that PostgreSQL refused is known', 'nothing', () => insert('full'), false],
    ['that was cut off before its answer is not', 'unclear', () => insert('at once 1'), true],
    ['whose transaction was cut off before its end is known', 'nothing', () => inTransaction('a', 'at once 2'), true],
    ['whose commit was cut off is not', 'unclear', () => inTransaction('b', 'at the end 1'), true],
    ['that was rolled back is known', 'nothing', () => inTransaction('c', 'full 2'), false],
    [
      'that was committed before something else failed is known',
      'something',
      () => insert('d').then(() => insert('full')),
      false,
    ],
    ['that was none is known', 'nothing', () => sql`select 1 / 0`.execute(api.db), false],
  ])('%s: %s', async (_name, outcome, work, isCut) => {
    const writes = noWrites();
    const done = noteWrites(writes, work).catch(() => {});
    if (isCut) await cut();
    await done;
    expect(writes.outcome).toBe(outcome);
  });
});

describe('a refusal', () => {
  const add = (name: string) => api.call('POST', '/api/v1/queues', { body: { name } });

  it('says that nothing was changed where that is certain, with the code of PostgreSQL in the log', async () => {
    const { status, json } = await add('full 3');
    expect([status, json.reason, json.facts]).toEqual([503, 'database-full', { outcome: 'nothing' }]);
    expect(json.detail).toContain('Nothing was changed.');
    expect(api.log()).toContain('"code":"53100"');
  });

  it.each([
    ['before the end of its transaction, that nothing was changed', 'at once', 'nothing', 'Nothing was changed.'],
    [
      'during its commit, that it is not known',
      'at the end',
      'unclear',
      'It is not known whether this was carried out',
    ],
  ])('says, cut off %s', async (_name, name, outcome, words) => {
    const answer = add(name);
    await cut();
    const { status, json } = await answer;
    expect([status, json.facts.outcome]).toEqual([503, outcome]);
    expect(json.detail).toContain(words);
  });

  it('of what changes nothing says nothing of changes', async () => {
    await sql`alter table queues rename to queues_away`.execute(api.db);
    const { status, json } = await api.call('GET', '/api/v1/queues');
    await sql`alter table queues_away rename to queues`.execute(api.db);
    expect(status).toBe(500);
    expect(json.detail).not.toMatch(/changed|known/);
  });
});
