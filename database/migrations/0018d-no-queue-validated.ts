import { type Kysely, sql } from 'kysely';

/** Reads all items while mail flows on: `validate constraint` keeps no writer out, where adding a valid one does. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db);
  for (const constraint of ['items_state_check', 'items_queue_check']) {
    await sql`alter table items validate constraint ${sql.ref(constraint)}`.execute(db);
  }
}
