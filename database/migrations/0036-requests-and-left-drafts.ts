import { type Kysely, sql } from 'kysely';

/**
 * What each request to send an answer wanted, so that its name cannot stand for another one; and when the mailbox is
 * searched for drafts that an attempt left in it. Two small indexes let workers find such answers.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table answers
      add send_requests text[] not null default '{}',
      add draft_sweep_at timestamptz`.execute(db);
  await sql`create index answers_draft_sweep on answers (draft_sweep_at) where draft_sweep_at is not null`.execute(db);
  await sql`
    create index answers_discarded_drafts on answers (ended_at)
    where state = 'discarded' and graph_id is not null`.execute(db);
}
