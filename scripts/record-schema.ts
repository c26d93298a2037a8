import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import { projectFolder } from './embedded/stack-folder.ts';

/**
 * Records the schema of a release as the statements that its migrations execute: `test/database/upgrade.test.ts` keeps
 * bringing each of them up to date, even when the migrations change. `node scripts/record-schema.ts NAME`; a second
 * argument is the folder of another clone.
 */
const [name, clone = projectFolder] = process.argv.slice(2);
if (name === undefined) throw new Error('Usage: node scripts/record-schema.ts NAME [FOLDER]');
const file = join(projectFolder, 'test/database/releases', `${name}.sql`);
if (existsSync(file)) throw new Error(`${file} is there already. A released schema never changes.`);

const queries: CompiledQuery[] = [];
const db = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
  log: ({ query }) => {
    queries.push(query);
  },
});
const folder = join(clone, 'database/migrations');
const migrations = readdirSync(folder)
  .map((entry) => entry.replace(/\.ts$/, ''))
  .sort();
for (const migration of migrations) {
  const { up } = await import(pathToFileURL(join(folder, `${migration}.ts`)).href);
  await up(db);
}
const parametrised = queries.find(({ parameters }) => parameters.length > 0);
if (parametrised) throw new Error(`A statement with parameters cannot be written down: ${parametrised.sql}`);

const statements = [
  ...queries.map(({ sql }) => sql),
  'create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)',
  'create table kysely_migration_lock (id varchar(255) primary key, is_locked integer default 0 not null)',
  `insert into kysely_migration_lock (id, is_locked) values ('migration_lock', 0)`,
  ...migrations.map(
    (migration) => `insert into kysely_migration (name, timestamp) values ('${migration}', now()::text)`,
  ),
];
// On a line of its own where the statement ends in a comment, which would hide it.
const ended = statements.map((statement) => (/--.*$/.test(statement) ? `${statement}\n;` : `${statement};`));
writeFileSync(file, `${ended.join('\n\n')}\n`);
