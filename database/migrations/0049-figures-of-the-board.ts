import { type Kysely, sql } from 'kysely';

/** Indexes that hold all that the board counts: a month of items is read from a hundredth of the pages (decision 80). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

// Some three seconds for a million items.
const statements = [
  'set local statement_timeout = 0',
  `create index items_completed_figures on items (completed_at) include (received_at, answered_at, queue_id)
    where state = 'completed'`,
  `create index items_answered_figures on items (answered_at) include (received_at, queue_id)
    where answered_at is not null`,
];
