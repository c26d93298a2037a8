import { type Kysely, sql } from 'kysely';

/**
 * Profiles from the identity provider, when a change asks for a recent sign-in, and what is needed to refuse a sign-in
 * that was under way when its person was signed out (decision 64).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const audited = (table: string, on: string, name: string, shown: string) =>
  `create trigger audit_change after ${on} on ${table} for each row
    execute function audit_change('${name}', '${shown}', '', '', 'id')`;

const statements = [
  // Without a claim, profiles are set by hand; without minutes, no change asks for a recent sign-in.
  `create table sign_on_settings (
    id boolean primary key default true check (id),
    claim text,
    unmatched_profile text, -- null: who has no mapped value is refused
    adds_people boolean not null default false,
    step_up_minutes integer,
    step_up_acr text,
    version integer not null default 1
  )`,
  'insert into sign_on_settings default values',
  `create table profile_mappings (
    id uuid primary key default uuidv7(),
    value text not null,
    profile text not null,
    team_id uuid references teams on delete set null
  )`,
  'create index profile_mappings_team on profile_mappings (team_id)',
  audited('sign_on_settings', 'update', '', 'claim unmatched_profile adds_people step_up_minutes step_up_acr'),
  audited('profile_mappings', 'insert or update or delete', 'value', 'value profile team_id'),
  `alter table users
    add mapped_values text[], -- the mapped values at the last sign-in; null: the profile was set by hand
    add signed_out_at timestamptz -- everywhere: sign-ins that began before end without a session`,
  `alter table sessions
    add authenticated_at timestamptz, -- when the person proved to the provider who they are: claim auth_time
    add acr text -- how: claim acr of the id token`,
  `alter table single_sign_ons
    add started_at timestamptz not null default now(),
    add step_up_of uuid -- the user who is to prove again who they are`,
  // What the provider ended, for sign-ins that were under way.
  `alter table logout_tokens
    add issuer text,
    add subject text,
    add sid text,
    add carried_out_at timestamptz not null default now()`,
];
