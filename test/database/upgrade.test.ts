import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrateToLatest } from '../../database/migrate.ts';
import { eventually } from '../support/eventually.ts';

const folder = fileURLToPath(new URL('releases', import.meta.url));
const releases = readdirSync(folder).map((file) => file.replace(/\.sql$/, ''));

/** Everything of a schema that statements can tell apart, one line for each thing; the order of columns is not. */
const CATALOGUE = `
  select 'column ' || a.attrelid::regclass::text || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attnotnull then ' not null' else '' end || ' ' || a.attidentity::text || a.attgenerated::text || ' '
      || coalesce(pg_get_expr(d.adbin, d.adrelid), '') as thing
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
  union all select 'relation ' || c.relname || ' ' || c.relkind::text || ' ' || coalesce(c.reloptions::text, '') || ' '
      || c.relpersistence::text || case when c.relrowsecurity then ' row security' else '' end
    from pg_class c where c.relnamespace = 'public'::regnamespace
  union all select 'constraint ' || conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated::text
    from pg_constraint where connamespace = 'public'::regnamespace
  union all select 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid::text
    from pg_index join pg_class on oid = indexrelid where relnamespace = 'public'::regnamespace
  union all select 'function ' || pg_get_functiondef(oid)
    from pg_proc where pronamespace = 'public'::regnamespace and prokind in ('f', 'p')
  union all select 'trigger ' || pg_get_triggerdef(oid) || ' ' || tgenabled::text from pg_trigger where not tgisinternal
  union all select 'view ' || viewname || ' ' || definition from pg_views where schemaname = 'public'
  union all select 'type ' || typname || ' ' || typtype::text || ' ' || array(select enumlabel::text from pg_enum
      where enumtypid = t.oid order by enumsortorder)::text
    from pg_type t where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
  union all select 'statistics ' || pg_get_statisticsobjdef(oid) from pg_statistic_ext
  union all select 'migration ' || name from kysely_migration
  order by 1`;

const databases: string[] = [];
let newest: readonly string[];

async function query<T extends pg.QueryResultRow>(url: string, text: string): Promise<readonly T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<T>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}

/** An empty database, without the template's schema. */
async function createEmptyDatabase(): Promise<string> {
  const name = `upgrade_${randomBytes(6).toString('hex')}`;
  await query(inject('postgresUrl'), `create database ${name}`);
  databases.push(name);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return url.href;
}

async function schemaOf(url: string): Promise<readonly string[]> {
  return (await query<{ thing: string }>(url, CATALOGUE)).map(({ thing }) => thing);
}

beforeAll(async () => {
  const url = await createEmptyDatabase();
  await migrateToLatest(url);
  newest = await schemaOf(url);
});
afterAll(async () => {
  for (const name of databases) await query(inject('postgresUrl'), `drop database ${name} with (force)`);
});

describe('a database of an earlier release', () => {
  it.each(releases)('has after its upgrade the same schema as a new one: %s', async (release) => {
    const url = await createEmptyDatabase();
    await query(url, readFileSync(join(folder, `${release}.sql`), 'utf8'));
    await migrateToLatest(url);
    expect(await schemaOf(url)).toEqual(newest);
  });

  it('has after its upgrade each of its messages in the ledger, and keeps it while old workers write', async () => {
    const url = await createEmptyDatabase();
    await query(url, readFileSync(join(folder, '2026-11-24-first.sql'), 'utf8'));
    const insert = (graphId: string) => `
      insert into messages (account_id, graph_id, subject, recipients, received_at, body_text, importance, has_attachments)
      select id, '${graphId}', 'Hello', '{}', '2026-01-02', '', 'normal', false from accounts
      on conflict (account_id, graph_id) do nothing`;
    await query(url, `insert into queues (name) values ('General')`);
    await query(url, `insert into accounts (address, default_queue_id) select 'a@contoso.example', id from queues`);
    await query(url, insert('before'));
    await migrateToLatest(url);
    for (const graphId of ['before', 'afterwards']) await query(url, insert(graphId));
    await query(url, 'delete from messages');
    await query(url, insert('before'));
    expect(await query(url, 'select from messages')).toEqual([]);
    expect(await query(url, 'select graph_id from captured order by captured_at')).toEqual([
      { graph_id: 'before' },
      { graph_id: 'afterwards' },
    ]);
  });

  it('is upgraded by another attempt where the first one was cut off in the middle', async () => {
    const url = await createEmptyDatabase();
    await query(url, readFileSync(join(folder, '2026-11-24-first.sql'), 'utf8'));
    const reader = new pg.Client({ connectionString: url });
    await reader.connect();
    try {
      // What reads a table keeps the upgrade waiting at the first migration that changes it.
      await reader.query('begin; select from messages');
      const upgrade = expect(migrateToLatest(url)).rejects.toThrow();
      await eventually(async () => {
        const cut = `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'mailroom-migrate' and wait_event_type = 'Lock'`;
        expect(await query(url, cut)).toHaveLength(1);
      });
      await upgrade;
    } finally {
      await reader.end();
    }
    const applied = await query(url, 'select name from kysely_migration');
    expect(applied.length).toBeGreaterThan(0);
    expect(await schemaOf(url)).not.toEqual(newest);
    await migrateToLatest(url);
    expect(await schemaOf(url)).toEqual(newest);
  });

  it('is recorded with the first schema that there was', () => {
    expect(releases).toContain('2026-11-24-first');
    expect(newest.length).toBeGreaterThan(200);
  });
});
