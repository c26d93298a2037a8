import { type Kysely, sql } from 'kysely';

/**
 * Notes the messages that were captured before; the workers index the newest first. In a migration of its own: the
 * trigger of the one before exists by now, so no message falls between the two, and copying ids keeps no writer out.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db);
  await sql`insert into search_pending select id from messages on conflict do nothing`.execute(db);
}
