import { type Kysely, sql } from 'kysely';

/** Notes the first answers that were sent before; the trigger of the migration before notes those that come. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local statement_timeout = 0`.execute(db);
  await sql`
    update items set answered_at = first.at, answered_by = first.by
    from (
      select distinct on (item_id) item_id, coalesce(send_accepted_at, ended_at, updated_at) as at,
        coalesce(sent_by, author) as by
      from answers where state = 'sent' and author <> 'mailroom'
      order by item_id, at
    ) as first
    where items.id = first.item_id and (answered_at is null or answered_at > first.at)
  `.execute(db);
}
