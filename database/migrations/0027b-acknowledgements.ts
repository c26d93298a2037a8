import { type Kysely, sql } from 'kysely';

/**
 * Automatic acknowledgements of queues (decision 57). Items that come into a queue with one are noted by a trigger, so
 * capturing costs one more join for each page, and decided later, one by one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table queues add acknowledgement jsonb', // null: none
  `create table acknowledgements (
    item_id uuid primary key references items on delete cascade,
    queue_id uuid not null references queues on delete cascade,
    noted_at timestamptz not null default now(),
    outcome text -- sent, or why not; null: not decided yet
  )`,
  'create index acknowledgements_open on acknowledgements (noted_at) where outcome is null',
  'create index acknowledgements_queue on acknowledgements (queue_id, noted_at)',
  // One for each item, whatever decides about it.
  `create unique index answers_acknowledgement on answers (item_id) where author = 'mailroom'`,
  `create index answers_acknowledged
    on answers (account_id, lower(recipients -> 'to' -> 0 ->> 'address'), scheduled_at) where author = 'mailroom'`,
  `create function note_for_acknowledgement() returns trigger language plpgsql as $$
    begin
      insert into acknowledgements (item_id, queue_id)
        select changed.id, changed.queue_id from changed join queues on queues.id = changed.queue_id
        where queues.acknowledgement is not null
        on conflict do nothing;
      return null;
    end
  $$`,
  `create trigger note_for_acknowledgement after insert on items referencing new table as changed
    for each statement execute function note_for_acknowledgement()`,
];
