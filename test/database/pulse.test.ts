import { createSecretKey, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { saveSettings } from '../../database/accounts/settings.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import type { KeyProblem } from '../../database/processes/key-proof.ts';
import { listProcesses } from '../../database/processes/processes.ts';
import { type Footing, type Pulse, startPulse } from '../../database/processes/pulse.ts';
import { putTokenCache } from '../../database/sign-in/token-caches.ts';
import { createKeyRing, type KeyRing } from '../../encryption/key-ring.ts';
import { aKeyRing, anAccount } from '../support/builders.ts';
import { eventually } from '../support/eventually.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

let database: TestDatabase;
let db: Database;
const ending: (() => Promise<void>)[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
  db = open(database.url);
});
afterEach(async () => {
  for (const end of ending.splice(0).toReversed()) await end();
  await database.drop();
});

function open(url: string): Database {
  const opened = openDatabase({ url, poolSize: 2, applicationName: 'test' });
  ending.push(() => opened.destroy());
  return opened;
}

interface Beating {
  readonly pulse: Pulse;
  readonly changes: Footing[];
  readonly refused: KeyProblem[];
}

function beat(keys: KeyRing, on: Database = db, kind: 'api' | 'worker' = 'worker'): Beating {
  const changes: Footing[] = [];
  const refused: KeyProblem[] = [];
  const pulse = startPulse({
    db: on,
    keys,
    kind,
    onChange: (footing) => changes.push(footing),
    onRefused: (problem) => refused.push(problem),
  });
  ending.push(pulse.stop);
  return { pulse, changes, refused };
}

const key = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });
const problemOf = async ({ pulse }: Beating) => (await pulse.check()).problem;
const eventuallyProblem = (beating: Beating, problem: unknown) =>
  eventually(async () => expect(await problemOf(beating)).toEqual(problem), { timeoutMs: 10_000 });
const settings = { tenantId: 'contoso.example', clientId: randomBytes(16).toString('hex'), clientSecret: 'a secret' };

/** A user of PostgreSQL who may do everything with the tables, and is no superuser; its URL. */
async function aDatabaseUser(): Promise<{ readonly name: string; readonly url: string }> {
  const name = `user_${randomBytes(4).toString('hex')}`;
  await sql.raw(`create role ${name} login password 'test'`).execute(db);
  await sql.raw(`grant all on all tables in schema public to ${name}`).execute(db);
  ending.push(async () => {
    await sql.raw(`drop owned by ${name}`).execute(db);
    await sql.raw(`drop role ${name}`).execute(db);
  });
  const url = new URL(database.url);
  url.username = name;
  url.password = 'test';
  return { name, url: url.href };
}

describe('keys', () => {
  it('that encrypted what is stored are good, also after a restart', async () => {
    const keys = aKeyRing();
    expect(await problemOf(beat(keys))).toBeUndefined();
    await saveSettings(db, keys, 'test', settings);
    expect(await problemOf(beat(keys))).toBeUndefined();
  });

  it('of a known id that are others are refused', async () => {
    const right = key('k1');
    await beat(createKeyRing([right])).pulse.check();
    const { pulse, refused } = beat(createKeyRing([key('k2'), key('k1')]));
    await pulse.check();
    expect(refused).toEqual([{ reason: 'key-wrong', keyId: 'k1' }]);
  });

  it('are proved by the client secret and by tokens where a database of an earlier release knows no other proof', async () => {
    const right = createKeyRing([key('k1')]);
    await saveSettings(db, right, 'test', settings);
    const bySettings = beat(createKeyRing([key('k1')]));
    await bySettings.pulse.check();
    expect(bySettings.refused).toEqual([{ reason: 'key-wrong', keyId: 'k1' }]);
    await db.deleteFrom('settings').execute();
    await putTokenCache(db, right, await anAccount(db), 'tokens');
    const byTokens = beat(createKeyRing([key('k1')]));
    await byTokens.pulse.check();
    expect(byTokens.refused).toEqual([{ reason: 'key-wrong', keyId: 'k1' }]);
    expect(await db.selectFrom('keyChecks').selectAll().execute()).toEqual([]);
  });

  it('that are missing are named, and the process is refused only where another one holds them', async () => {
    const old = key('old');
    const holder = beat(createKeyRing([old]));
    await holder.pulse.check();
    await putTokenCache(db, createKeyRing([old]), await anAccount(db), 'tokens');
    const other = beat(createKeyRing([key('new')]));
    await other.pulse.check();
    expect(other.refused).toMatchObject([{ reason: 'key-missing', keyId: 'old' }]);
    await other.pulse.stop();
    await holder.pulse.stop();
    const alone = beat(createKeyRing([key('newer')]));
    expect(await problemOf(alone)).toMatchObject({ reason: 'key-missing', keyId: 'old' });
    expect(alone.refused).toEqual([]);
  });

  it('encrypt with the newest one only once every process that runs holds it', async () => {
    const [first, second] = [key('first'), key('second')];
    const before = beat(createKeyRing([first]));
    await before.pulse.check();
    const keys = createKeyRing([second, first]);
    const after = beat(keys);
    await after.pulse.check();
    expect(keys.currentKeyId).toBe('first');
    await before.pulse.stop();
    await eventually(
      async () => {
        await after.pulse.check();
        expect(keys.currentKeyId).toBe('second');
      },
      { timeoutMs: 10_000 },
    );
  });
});

describe('a database that cannot be used', () => {
  it('because it may only be read is no footing, says its SQLSTATE, and everything rings once when that is over', async () => {
    const accountId = await anAccount(db);
    const soon = new Date(Date.now() + 3_600_000);
    await db.insertInto('watches').values({ accountId, dueAt: soon }).execute();
    const victim = open(database.url);
    const beating = beat(aKeyRing(), victim);
    await eventuallyProblem(beating, undefined);

    const name = new URL(database.url).pathname.slice(1);
    const setReadOnly = async (readOnly: boolean) => {
      await sql
        .raw(`begin read write; alter database ${name} set default_transaction_read_only = ${readOnly}; commit`)
        .execute(db);
      await sql`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${name} and pid <> pg_backend_pid()`.execute(db);
    };
    await setReadOnly(true);
    await eventuallyProblem(beating, { reason: 'database-read-only', code: '25006' });
    await setReadOnly(false);
    await eventuallyProblem(beating, undefined);
    expect(beating.changes.map(({ problem }) => problem?.reason).at(-1)).toBeUndefined();
    const { dueAt } = await db.selectFrom('watches').select('dueAt').executeTakeFirstOrThrow();
    expect(Number(dueAt)).toBeLessThanOrEqual(Date.now());
  });

  it('because one of its tables may not be written is found before the first mail', async () => {
    const { name, url } = await aDatabaseUser();
    const beating = beat(aKeyRing(), open(url));
    await eventuallyProblem(beating, undefined);
    await sql.raw(`revoke insert on messages from ${name}`).execute(db);
    await eventuallyProblem(beating, { reason: 'database-refuses', code: '42501' });
    await sql.raw(`grant insert on messages to ${name}`).execute(db);
    await eventuallyProblem(beating, undefined);
  });

  it('because it takes no more connections says so', async () => {
    const { name, url } = await aDatabaseUser();
    await sql.raw(`alter role ${name} connection limit 0`).execute(db);
    await eventuallyProblem(beat(aKeyRing(), open(url)), { reason: 'database-busy', code: '53300' });
  });

  it('because its tables are older says so', async () => {
    await sql`alter table processes rename to processes_of_before`.execute(db);
    await eventuallyProblem(beat(aKeyRing()), { reason: 'schema-outdated', code: '42P01' });
  });

  it('because its disk is full says so although small rows still fit, and works again as soon as there is room', async (test) => {
    const disk = await mountSmallDisk(db, 4);
    if (!disk) return test.skip('Only root may mount a small file system.');
    const small = await createTestDatabase();
    // Only what is sorted goes there: with tables on it, checkpoints would fail for every database of this server.
    const name = new URL(small.url).pathname.slice(1);
    await sql.raw(`alter database ${name} set temp_tablespaces = ${disk.tablespace}`).execute(db);
    const onDisk = openDatabase({ url: small.url, poolSize: 2, applicationName: 'test' });
    const { pulse } = beat(aKeyRing(), onDisk);
    try {
      expect((await pulse.check()).problem).toBeUndefined();
      await eventually(
        async () => {
          await disk.fill();
          expect((await pulse.check()).problem).toEqual({ reason: 'database-full', code: '53100' });
        },
        { timeoutMs: 10_000 },
      );
      await disk.makeRoom();
      await eventually(async () => expect((await pulse.check()).problem).toBeUndefined(), { timeoutMs: 10_000 });
    } finally {
      await pulse.stop();
      await onDisk.destroy();
      await small.drop();
      await disk.unmount();
    }
  });
});

describe('an API that starts', () => {
  it('rings everything once when no other one was there to take bells, and not otherwise', async () => {
    const accountId = await anAccount(db);
    const later = new Date(Date.now() + 3_600_000);
    const postpone = () => db.updateTable('watches').set({ dueAt: later }).execute();
    const isDue = async () =>
      Number((await db.selectFrom('watches').select('dueAt').executeTakeFirstOrThrow()).dueAt) <= Date.now();
    await db.insertInto('watches').values({ accountId, dueAt: later }).execute();
    const keys = aKeyRing();
    await beat(keys, db, 'worker').pulse.check();
    expect(await isDue()).toBe(false);
    await beat(keys, db, 'api').pulse.check();
    expect(await isDue()).toBe(true);
    await postpone();
    await beat(keys, db, 'api').pulse.check();
    expect(await isDue()).toBe(false);
  });
});

describe('processes', () => {
  it('are known while they live, and forgotten when they end as asked', async () => {
    const worker = beat(aKeyRing());
    await worker.pulse.check();
    expect(await listProcesses(db)).toMatchObject([{ kind: 'worker', problem: null }]);
    await worker.pulse.stop();
    expect(await listProcesses(db)).toEqual([]);
  });

  it('of which nothing is heard stay known, with how long it is', async () => {
    const worker = beat(aKeyRing());
    await worker.pulse.check();
    await db.updateTable('processes').set({ seenAt: sql`now() - interval '87 seconds'` }).execute();
    const [known] = await listProcesses(db);
    expect(known?.silentForSeconds).toBeGreaterThanOrEqual(87);
  });
});
