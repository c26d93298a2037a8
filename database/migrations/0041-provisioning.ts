import { type Kysely, sql } from 'kysely';

/**
 * People and groups from an identity provider (SCIM), and the keys that it uses. A key of this kind is stored without a
 * single permission, so that processes of an earlier release give it nothing.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table api_keys add purpose text not null default 'api' check (purpose in ('api', 'provisioning'))`,
  'drop trigger audit_change on api_keys',
  `create trigger audit_change after insert or update or delete on api_keys for each row execute function audit_change(
    'name', 'name purpose profile revoked_at expires_at permissions queue_ids account_ids networks', 'key_hash', '', 'id'
  )`,
  // What new people from the provider get.
  `create table provisioning (
    id boolean primary key default true check (id),
    profile text not null default 'Agent' check (profile in ('Agent', 'Supervisor')),
    all_queues boolean not null default false
  )`,
  'insert into provisioning default values',
  `create table provisioned_people (
    user_id uuid primary key references users on delete cascade,
    external_id text,
    user_name text not null, -- as the provider writes it
    name jsonb not null default '{}',
    emails jsonb not null default '[]',
    active boolean not null, -- the provider's word; users.enabled is what counts
    disabled_by_hand boolean not null default false,
    deleted_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  // A to Z alone are folded, as in addresses.
  `create unique index provisioned_people_user_name on provisioned_people (lower(user_name collate "C"))`,
  'create unique index provisioned_people_external_id on provisioned_people (external_id)',
  `create table provisioned_groups (
    id uuid primary key default uuidv7(),
    external_id text,
    display_name text not null,
    team_id uuid references teams on delete set null, -- null: stored, and without effect
    version integer not null default 1,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index provisioned_groups_display_name on provisioned_groups (lower(display_name collate "C"))`,
  'create unique index provisioned_groups_external_id on provisioned_groups (external_id)',
  'create index provisioned_groups_team on provisioned_groups (team_id)',
  `create table provisioned_group_members (
    group_id uuid not null references provisioned_groups on delete cascade,
    user_id uuid not null references users on delete cascade,
    primary key (group_id, user_id)
  )`,
  'create index provisioned_group_members_user on provisioned_group_members (user_id)',
  ...[
    [
      'provisioned_people',
      'user_name',
      'user_id user_name active disabled_by_hand deleted_at',
      'external_id name emails',
      'user_id',
    ],
    ['provisioned_groups', 'display_name', 'display_name team_id', 'external_id', 'id'],
    ['provisioned_group_members', '', 'group_id user_id', '', 'group_id'],
    ['provisioning', '', 'profile all_queues', '', 'id'],
  ].map(
    ([table, name, shown, hidden, id]) =>
      `create trigger audit_change after insert or update or delete on ${table} for each row
        execute function audit_change('${name}', '${shown}', '${hidden}', '', '${id}')`,
  ),
];
