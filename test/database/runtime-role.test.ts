import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runAct } from '../../database/audit/act.ts';
import { sealEntries } from '../../database/audit/seal-entries.ts';
import { verifyChain } from '../../database/audit/verify-chain.ts';
import { type Database, openDatabase } from '../../database/database.ts';
import { addUser } from '../../database/people/users.ts';
import { signLife } from '../../database/processes/processes.ts';
import { findServerProblem } from '../../database/processes/server-problem.ts';
import { prepareRuntime } from '../../database/roles/prepare-runtime.ts';
import { aKeyRing } from '../support/builders.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

const role = `runtime_${crypto.randomUUID().slice(0, 8)}`;
const keys = aKeyRing();
let database: TestDatabase;
let owner: Database;
let runtime: Database;
let runtimeUrl: string;

function urlWith(password: string, user = role): string {
  const url = new URL(database.url);
  url.username = user;
  url.password = encodeURIComponent(password);
  return url.href;
}

beforeAll(async () => {
  database = await createTestDatabase();
  owner = openDatabase({ url: database.url, poolSize: 1, applicationName: 'mailroom-test' });
  await prepareRuntime(owner, urlWith('an earlier one'));
  runtimeUrl = urlWith('ein Päßwort :/@%');
  await prepareRuntime(owner, runtimeUrl);
  runtime = openDatabase({ url: runtimeUrl, poolSize: 2, applicationName: 'mailroom-test' });
});
afterAll(async () => {
  await runtime.destroy();
  await sql.raw(`drop owned by ${role}`).execute(owner);
  await sql.raw(`drop role ${role}`).execute(owner);
  await owner.destroy();
  await database.drop();
});

describe('the role of the processes', () => {
  it('works: it acts, and the trail is sealed and verified', async () => {
    expect(inject('postgresUrl')).toBeTruthy();
    expect(await findServerProblem(runtimeUrl)).toBeUndefined();
    const act = { act: { act: 'user.add', actor: 'user:me', objectKind: 'user' }, isRecorded: false };
    const user = { email: 'anna@contoso.example', displayName: '', profile: 'Agent' } as const;
    await runAct(act, () => addUser(runtime, 'user:me', user));
    expect(await sealEntries(runtime, keys)).toMatchObject({ sealed: 1 });
    expect(await verifyChain(runtime, keys)).toMatchObject({ checked: 1, problem: undefined });
  });

  it('is enough for the heartbeat of a process, which proves its rights', async () => {
    const sign = { id: crypto.randomUUID(), kind: 'api', keyIds: ['test'], problem: undefined } as const;
    await expect(signLife(runtime, sign)).resolves.toMatchObject({ alike: 0 });
  });

  it.each([
    'update audit_entries set actor = $$x$$',
    'delete from audit_entries',
    'truncate audit_entries',
    'delete from audit_seals',
    'alter table audit_entries disable trigger all',
    'drop trigger audit_refuse on audit_entries',
    'alter table audit_entries owner to current_user',
    "set session_replication_role = 'replica'",
    'drop table audit_seals',
    'create table public.mine ()',
    "create or replace function audit_refuse() returns trigger language plpgsql as 'begin return old; end'",
    'delete from kysely_migration',
    "select audit_forget(1, 'x')",
  ])('may not: %s', async (statement) => {
    await expect(sql.raw(statement).execute(runtime)).rejects.toThrow(/denied|must be owner|last 30 days/);
  });

  it('is another one than that which migrates', async () => {
    const { username } = new URL(database.url);
    await expect(prepareRuntime(owner, urlWith('x', username))).rejects.toThrow('must name another role');
  });

  it('may use what a later migration creates', async () => {
    await sql`create table later (id bigint generated always as identity)`.execute(owner);
    await sql`insert into later default values`.execute(runtime);
  });
});
