import { type Kysely, sql } from 'kysely';

/**
 * When and by whom an item was first answered, on the item (decision 63): what is given out next, what is due and the
 * board ask for it all the time. A trigger notes it, also for workers of the release before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'set local statement_timeout = 0',
  `alter table items
    add answered_at timestamptz, -- the first answer that a person sent
    add answered_by text`,
  'create index items_answered on items (answered_at) where answered_at is not null',
  `create index items_open_answered on items (queue_id, received_at, id)
    where state <> 'completed' and answered_at is not null`,
  `create function note_first_answer() returns trigger language plpgsql as $$
    declare
      moment timestamptz := coalesce(new.send_accepted_at, new.ended_at, now());
    begin
      update items set answered_at = moment, answered_by = coalesce(new.sent_by, new.author)
        where id = new.item_id and (answered_at is null or answered_at > moment);
      return null;
    end
  $$`,
  `create trigger note_first_answer after insert or update of state on answers
    for each row when (new.state = 'sent' and new.author <> 'mailroom') execute function note_first_answer()`,
];
