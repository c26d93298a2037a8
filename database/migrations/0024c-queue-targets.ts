import { type Kysely, sql } from 'kysely';

/** Targets of queues, what the board counts by (decision 55), and notes in the search. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'set local statement_timeout = 0',
  'alter table queues add target jsonb', // null: none
  // About a second for a million items.
  `create index items_completed on items (completed_at) where state = 'completed'`,
  `create function note_remarks_for_search() returns trigger language plpgsql as $$
    begin
      insert into search_pending
        select distinct message_id from changed join items on items.id = item_id where message_id is not null
        on conflict do nothing;
      return null;
    end
  $$`,
  `create trigger note_for_search after insert on item_notes referencing new table as changed
    for each statement execute function note_remarks_for_search()`,
];
