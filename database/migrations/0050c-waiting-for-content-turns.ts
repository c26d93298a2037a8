import { type Kysely, sql } from 'kysely';

/** When another reading last waited for the turn: a slow holder then yields. Workers of the release before write none. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table content_turns add wanted_at timestamptz not null default '-infinity'`.execute(db);
}
