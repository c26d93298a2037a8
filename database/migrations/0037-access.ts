import { type Kysely, sql } from 'kysely';

/** Who sees which queues: teams are people and the queues that they work. Without a limit, a person sees all of them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table users
    add all_queues boolean not null default true,
    add reads_mail boolean not null default true`,
  `create table teams (
    id uuid primary key default uuidv7(),
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index teams_name on teams (lower(name))`,
  `create table team_people (
    team_id uuid not null references teams on delete cascade,
    user_id uuid not null references users on delete cascade,
    primary key (user_id, team_id)
  )`,
  `create index team_people_team on team_people (team_id)`,
  `create table team_queues (
    team_id uuid not null references teams on delete cascade,
    queue_id uuid not null references queues on delete cascade,
    primary key (team_id, queue_id)
  )`,
  `create index team_queues_queue on team_queues (queue_id)`,
  // Live streams look again at what their person sees.
  `create trigger tell_changed after insert or update or delete on team_people
    for each row execute function tell_changed('users', 'user_id')`,
  `create trigger tell_changed after insert or update or delete on team_queues
    for each row execute function tell_changed('users')`,
];
