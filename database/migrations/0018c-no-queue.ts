import { type Kysely, sql } from 'kysely';

/**
 * Mail may be in no queue: an account may have no default queue, and a rule may lead to a queue that was removed. Its item is
 * `unqueued`, with the reason as its decision, until it is routed again (decision 39). A state of its own, so that the
 * indexes and counts of what waits need not look at the queue. The new constraints are validated by the next migration.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table accounts alter default_queue_id drop not null`.execute(db);
  await sql`
    alter table items alter queue_id drop not null,
      drop constraint items_state_check,
      add constraint items_state_check check (state in ('waiting', 'claimed', 'completed', 'unqueued')) not valid,
      add constraint items_queue_check check ((state = 'unqueued') = (queue_id is null)) not valid
  `.execute(db);
}
