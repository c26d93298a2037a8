import { type Kysely, sql } from 'kysely';

/**
 * Sessions that can be listed and ended by name, limits of sessions as settings, and what is needed to end them on the
 * provider's word. Sessions from before have no browser, address or `sid`.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table sessions
    add id uuid not null default uuidv7(),
    add browser text,
    add system text,
    add address text, -- from where the person signed in
    add provider_sid text -- the provider's name for its session: claim sid of the id token`,
  'create unique index sessions_id on sessions (id)',
  `create table session_limits (
    id boolean primary key default true check (id),
    idle_minutes integer not null default 480,
    absolute_minutes integer not null default 1440,
    version integer not null default 1
  )`,
  'insert into session_limits default values',
  // Logout tokens that were carried out, until they are too old to come again.
  `create table logout_tokens (
    jti_hash bytea primary key,
    expires_at timestamptz not null
  )`,
];
