import { type Kysely, sql } from 'kysely';

/** Each attempt names who is to sign in by it: for a shared mailbox that may be somebody else than before. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table sign_ins add sign_in_as text check (sign_in_as = lower(sign_in_as))`.execute(db);
  await sql`
    update sign_ins set sign_in_as = accounts.sign_in_as from accounts where accounts.id = sign_ins.account_id
  `.execute(db);
}
