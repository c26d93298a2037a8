import { type Kysely, sql } from 'kysely';

/** Whoever rings, a mailbox is not looked at before Microsoft, or our own spacing of looks, allows it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table watches add not_before timestamptz not null default '-infinity'`.execute(db);
}
