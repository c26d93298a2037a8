import { type Kysely, sql } from 'kysely';

/** From which senders a user always loads remote images. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table image_senders (
      user_id uuid not null references users (id) on delete cascade,
      address text not null, -- folded
      remembered_at timestamptz not null default now(),
      primary key (user_id, address)
    )`.execute(db);
}
