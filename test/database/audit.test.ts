import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCommandLine } from '../../api/command-line.ts';
import { runAct } from '../../database/audit/act.ts';
import { addAuditEntry } from '../../database/audit/add-entry.ts';
import { parseChainEnd } from '../../database/audit/anchors.ts';
import { forgetEntries } from '../../database/audit/forget-entries.ts';
import { sealEntries } from '../../database/audit/seal-entries.ts';
import { verifyChain } from '../../database/audit/verify-chain.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { addUser, changeUser } from '../../database/people/users.ts';
import { aKeyRing, aQueue } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const keys = aKeyRing();
let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 20, applicationName: 'mailroom-test' });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
/** As a superuser who takes the triggers away. */
async function tamper(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  try {
    await client.query("set session_replication_role = 'replica'");
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
beforeEach(() =>
  tamper(...['entries', 'seals', 'pending', 'anchors'].map((each) => `delete from audit_${each}`), 'delete from users'),
);

const anAct = (act = 'user.add') => ({ act: { act, actor: 'user:me', objectKind: 'user' }, isRecorded: false });
const entries = () => db.selectFrom('auditEntries').selectAll().orderBy('id').execute();
const add = (email: string) =>
  runAct(anAct(), () => addUser(db, 'user:me', { email, displayName: '', profile: 'Agent' }));

/** A chain of so many entries. */
async function sealed(count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await addAuditEntry(db, { act: `act-${n}`, actor: 'user:me' }, 'done');
  await sealEntries(db, keys);
}

describe('an act', () => {
  it('is recorded in the transaction that it consists of, with the object and its values', async () => {
    const id = await add('anna@contoso.example');
    await runAct(anAct('user.change'), () => changeUser(db, 'user:me', id, { profile: 'Supervisor' }));
    const [added, changed] = await entries();
    expect(added).toMatchObject({
      act: 'user.add',
      actor: 'user:me',
      objectId: id,
      objectName: 'anna@contoso.example',
    });
    expect(changed).toMatchObject({
      act: 'user.change',
      objectId: id,
      objectName: 'anna@contoso.example',
      changes: [{ table: 'users', change: 'changed', before: { profile: 'Agent' }, after: { profile: 'Supervisor' } }],
    });
    const { rows } = await sql<{ same: boolean }>`
      select e.xmin = u.xmin as same from audit_entries e, users u where e.id = ${changed?.id}`.execute(db);
    expect(rows).toEqual([{ same: true }]);
  });

  it('does not happen when it cannot be recorded', async () => {
    await sql`create function full_disk() returns trigger language plpgsql as 'begin raise ''no space''; end'`.execute(
      db,
    );
    await sql`create trigger full_disk before insert on audit_entries execute function full_disk()`.execute(db);
    try {
      await expect(add('anna@contoso.example')).rejects.toThrow('no space');
      const statement = () => db.insertInto('users').values({ email: 'x@contoso.example', profile: 'Agent' }).execute();
      await expect(runAct(anAct(), statement)).rejects.toThrow('no space');
    } finally {
      await sql`drop function full_disk cascade`.execute(db);
    }
    expect(await db.selectFrom('users').select('email').execute()).toEqual([]);
  });

  it('leaves nothing when it is rolled back or changes no row', async () => {
    const failing = () =>
      db.transaction().execute(async (trx) => {
        await trx.insertInto('users').values({ email: 'x@contoso.example', profile: 'Agent' }).execute();
        throw new Error('no');
      });
    await expect(runAct(anAct(), failing)).rejects.toThrow('no');
    await runAct(anAct(), () => db.deleteFrom('users').where('email', '=', 'nobody').execute());
    expect(await entries()).toEqual([]);
  });

  it('keeps of secrets and long texts only that they changed', async () => {
    await runAct(anAct('settings.change'), () =>
      db
        .insertInto('settings')
        .values({ tenantId: 't', clientId: 'c', clientSecret: 'v1.canary', clientSecretHint: 'nary' })
        .execute(),
    );
    const [entry] = await entries();
    await tamper('delete from settings');
    expect(entry?.changes?.[0]?.after).toMatchObject({ tenant_id: 't', client_secret: 'changed' });
    expect(JSON.stringify(entry)).not.toContain('nary');
  });

  it('outside of a request is recorded under the role of the database, or as that of Mailroom', async () => {
    const client = new pg.Client({ connectionString: database.url, application_name: 'psql' });
    await client.connect();
    await client.query("insert into users (email, profile) values ('evil@contoso.example', 'Admin')");
    await client.end();
    await addUser(db, 'cli', { email: 'anna@contoso.example', displayName: '', profile: 'Agent' });
    const [byHand, byMailroom] = await entries();
    expect(byHand).toMatchObject({
      act: 'database.change',
      actor: 'database:mailroom',
      objectName: 'evil@contoso.example',
    });
    expect(byMailroom).toMatchObject({ act: 'database.change', actor: 'mailroom' });
  });
});

describe('an act that cannot be taken back', () => {
  it.each([
    ['the person was disabled', 'update users set enabled = false'],
    ['the profile changed', "update users set profile = 'Supervisor'"],
    ['the person was kept from reading mail', 'update users set reads_mail = false'],
    ['a team was left', 'delete from team_people'],
    ['the person was removed', 'delete from users'],
  ])('is refused with its entry when %s while the request was under way', async (_, statement) => {
    const profile = 'Agent';
    const id = await addUser(db, 'cli', { email: 'anna@contoso.example', displayName: '', profile });
    await db.updateTable('users').set({ allQueues: false }).where('id', '=', id).execute();
    const queueId = await aQueue(db);
    const team = await db.insertInto('teams').values({ name: queueId }).returning('id').executeTakeFirstOrThrow();
    await db.insertInto('teamPeople').values({ teamId: team.id, userId: id }).execute();
    await db.insertInto('teamQueues').values({ teamId: team.id, queueId }).execute();
    const act = { act: 'mail.export', actor: `user:${id}`, profile, sees: [queueId] };
    await addAuditEntry(db, act, 'done');
    await sql.raw(statement).execute(db);
    await expect(addAuditEntry(db, act, 'done')).rejects.toMatchObject({ code: 'MR403' });
    await addAuditEntry(db, act, 'refused');
    await addAuditEntry(db, { ...act, act: 'mail.read' }, 'done');
    const written = (await entries()).filter(({ actor }) => actor === act.actor);
    expect(written.map((entry) => `${entry.act} ${entry.outcome}`)).toEqual([
      'mail.export done',
      'mail.export refused',
      'mail.read done',
    ]);
  });

  it('is refused when its key was revoked or has expired', async () => {
    for (const change of ['revoked_at = now()', "expires_at = now() - interval '1 second'"]) {
      const key = { name: change, profile: 'Admin', keyHash: Buffer.from(change), hint: 'abcd' } as const;
      const { id } = await db.insertInto('apiKeys').values(key).returning('id').executeTakeFirstOrThrow();
      const act = { act: 'erasure.request', actor: `key:${id}`, profile: 'Admin' };
      await addAuditEntry(db, act, 'done');
      await sql.raw(`update api_keys set ${change} where id = '${id}'`).execute(db);
      await expect(addAuditEntry(db, act, 'done')).rejects.toMatchObject({ code: 'MR403' });
    }
  });
});

describe('the chain', () => {
  it('is whole after a hundred acts at once that several processes seal', async () => {
    const acts = Array.from({ length: 100 }, (_, n) => add(`u${n}@contoso.example`));
    const sealing = Array.from({ length: 20 }, () => sealEntries(db, keys));
    await Promise.all([...acts, ...sealing]);
    await sealEntries(db, keys);
    expect(await verifyChain(db, keys)).toMatchObject({ checked: 100, waiting: 0, problem: undefined });
  });

  it.each([
    ['an entry was changed', "update audit_entries set actor = 'user:other' where act = 'act-3'", 'changed', 3],
    ['its time was changed', "update audit_entries set at = at - interval '1 hour' where act = 'act-3'", 'changed', 3],
    ['an entry was deleted', "delete from audit_entries where act = 'act-3'", 'missing', 3],
    [
      'entry and seal were deleted',
      "with d as (delete from audit_seals where number = 3) delete from audit_entries where act = 'act-3'",
      'missing',
      3,
    ],
    [
      'two entries changed places',
      `update audit_entries a set id = 900000 where act = 'act-2';
      update audit_entries a set id = (select entry_id from audit_seals where number = 2) where act = 'act-4';
      update audit_entries a set id = (select entry_id from audit_seals where number = 4) where id = 900000`,
      'reordered',
      2,
    ],
    [
      'a seal was made for another entry',
      "update audit_seals set hash = sha256('x') where number = 4",
      'seal-changed',
      4,
    ],
    [
      'the end was cut off',
      "delete from audit_entries where act in ('act-4', 'act-5'); delete from audit_seals where number > 3",
      'cut-off',
      4,
    ],
    ['everything was deleted', 'truncate audit_entries, audit_seals', 'cut-off', 1],
    [
      'the end was cut off, and its proof deleted',
      'delete from audit_seals where number > 3; delete from audit_anchors',
      'end-unproved',
      3,
    ],
  ])('says which entry is the first that is wrong: %s', async (_, statements, fault, number) => {
    await sealed(5);
    expect((await verifyChain(db, keys)).problem).toBeUndefined();
    await tamper(
      'alter table audit_entries alter id drop identity if exists',
      ...statements.split(';'),
      'alter table audit_entries alter id add generated always as identity (start 1000000)',
    );
    expect((await verifyChain(db, keys)).problem).toMatchObject({ fault, number });
  });

  it('goes on behind an end that was cut off, so that it stays missing', async () => {
    await sealed(5);
    await tamper('delete from audit_entries', 'delete from audit_seals where number > 3');
    await sealed(3);
    const { problem } = await verifyChain(db, keys);
    expect(problem).toMatchObject({ fault: 'missing', number: 1 });
    expect(await db.selectFrom('auditSeals').select('number').orderBy('number').execute()).toEqual(
      [1, 2, 3, 6, 7, 8].map((number) => ({ number })),
    );
  });

  it('that was built again is found by an end that was logged', async () => {
    await sealed(3);
    const { end } = await verifyChain(db, keys);
    await tamper('truncate audit_entries, audit_seals, audit_anchors, audit_pending');
    await sealed(4);
    expect((await verifyChain(db, keys)).problem).toBeUndefined();
    const expected = parseChainEnd(`${end.number}:${end.hash.toString('hex')}`);
    expect((await verifyChain(db, keys, expected)).problem).toMatchObject({ fault: 'unexpected-end', number: 3 });
  });

  it('goes on with what was committed by a process that was killed before it was sealed', async () => {
    await sealed(2);
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => {});
    await client.connect();
    await client.query("insert into audit_entries (act, outcome, actor) values ('committed', 'done', 'user:me')");
    await client.query(
      "begin; insert into audit_entries (act, outcome, actor) values ('not-committed', 'done', 'user:me')",
    );
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(db);
    await client.end().catch(() => {});
    await sealEntries(db, keys);
    expect(await verifyChain(db, keys)).toMatchObject({ checked: 3, waiting: 0, problem: undefined });
  });

  it('begins later after the oldest entries were deleted because of their age, and still holds', async () => {
    await tamper(
      "insert into audit_entries (at, act, outcome, actor) select now() - interval '500 days', 'old', 'done', 'user:me' from generate_series(1, 4)",
      'insert into audit_pending select id from audit_entries',
    );
    await sealed(3);
    expect(await forgetEntries(db, keys, 400)).toBe(4);
    expect(await forgetEntries(db, keys, 400)).toBe(0);
    expect(await verifyChain(db, keys)).toMatchObject({ checked: 3, problem: undefined });
    await tamper("delete from audit_anchors where kind = 'start'");
    expect((await verifyChain(db, keys)).problem).toMatchObject({ fault: 'missing', number: 1 });
  });
});

describe('the command line', () => {
  const command = async (...args: string[]) => {
    const out = vi.spyOn(console, 'log').mockReturnValue();
    const err = vi.spyOn(console, 'error').mockReturnValue();
    const openAgain = async () => openDatabase({ url: database.url, poolSize: 1, applicationName: 'mailroom-test' });
    const findApi = () => {
      throw new Error('none');
    };
    const code = await runCommandLine(args, {
      name: 'mailroom',
      openDatabase: openAgain,
      findKeys: () => keys,
      findApi,
    });
    const said = [...out.mock.calls, ...err.mock.calls].flat().join('\n');
    vi.restoreAllMocks();
    return { code, said };
  };

  it('verifies the trail, names what is wrong, and is recorded itself', async () => {
    await sealed(3);
    const { code, said } = await command('audit', 'verify');
    expect([code, said]).toEqual([0, expect.stringMatching(/^3:[0-9a-f]{64}\n3 entries are as they were written/)]);
    const [, end = ''] = /^(3:[0-9a-f]{64})/.exec(said) ?? [];
    expect((await command('audit', 'verify', '--expect', end)).code).toBe(0);
    await tamper("update audit_entries set actor = 'user:other' where act = 'act-2'");
    expect(await command('audit', 'verify')).toMatchObject({
      code: 1,
      said: expect.stringContaining('Number 2 (entry '),
    });
    const commands = (await entries()).filter(({ actor }) => actor === 'cli');
    expect(commands).toMatchObject([
      { act: 'command.run', objectId: 'audit verify', outcome: 'unchanged' },
      { outcome: 'unchanged' },
      { outcome: 'refused' },
    ]);
  });

  it('is recorded with what it changed', async () => {
    await command('user', 'add', '--email', 'anna@contoso.example', '--profile', 'Agent');
    expect(await entries()).toMatchObject([
      {
        act: 'command.run',
        actor: 'cli',
        objectId: 'user add',
        changes: [{ table: 'users', name: 'anna@contoso.example' }],
      },
    ]);
  });
});

describe('the trail', () => {
  it.each([
    'update audit_entries set actor = $$x$$',
    'delete from audit_entries',
    'truncate audit_entries',
    'delete from audit_seals',
    "set mailroom.forgets = 'off'; delete from audit_seals",
  ])('refuses its own owner: %s', async (statement) => {
    await sealed(1);
    await expect(sql.raw(statement).execute(db)).rejects.toThrow('only added to');
  });

  it('keeps what is younger than 30 days, whatever the caller asks', async () => {
    await sealed(2);
    await expect(sql`select audit_forget(2, 'x')`.execute(db)).rejects.toThrow('last 30 days');
  });
});
