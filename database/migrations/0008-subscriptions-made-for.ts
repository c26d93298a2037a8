import { type Kysely, sql } from 'kysely';

/**
 * A subscription is of use only at the address that it was made for, and what Microsoft said about its longest life may
 * change.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table subscriptions add notification_url text`.execute(db);
  await sql`alter table settings add subscription_ceiling_at timestamptz`.execute(db);
}
