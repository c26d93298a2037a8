import { type Kysely, sql } from 'kysely';

/** Which mailboxes may be connected: addresses and domains; empty: all of the tenant. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table settings add allowed_addresses text[] not null default '{}'`.execute(db);
}
