import { type Kysely, sql } from 'kysely';

/** One look at a mailbox at a time, whoever looks; and which of its sign-ins an account was read with. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Somebody looks at the mailbox, or a command asks in its place, until then at the latest.
  await sql`alter table watches add looking_until timestamptz not null default '-infinity'`.execute(db);
  // Grows with each sign-in. On the account's row, because whoever finds the tokens refused waits for that row.
  await sql`alter table accounts add sign_in_number integer not null default 0`.execute(db);
}
