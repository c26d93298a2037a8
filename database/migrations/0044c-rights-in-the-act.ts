import { type Kysely, sql } from 'kysely';

/**
 * Whether the right by which a request was let in still holds, asked in the transaction of its act (decision 67). Raises
 * MR403 otherwise. `sees`: the queues that the person saw then; null: all.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function require_right(act text, acting text, acting_profile text, sees uuid[]) returns boolean
    language plpgsql as $$
    declare
      acting_id uuid := substring(acting from '^(?:user|key):([0-9a-f-]{36})$')::uuid;
      holds boolean := true;
    begin
      if acting like 'user:%' and acting_id is not null then
        holds := exists (
          select from users where id = acting_id and enabled and profile = acting_profile
            and (reads_mail or act not in ('mail.export', 'attachment.read', 'attachment.export'))
            and (all_queues or profile = 'Admin' or sees is not null and not exists (
              select from unnest(sees) as seen where not exists (
                select from team_people join team_queues using (team_id) where user_id = users.id and queue_id = seen
              )
            ))
        );
      elsif acting like 'key:%' and acting_id is not null then
        holds := exists (
          select from api_keys where id = acting_id and profile = acting_profile and revoked_at is null
            and (expires_at is null or expires_at > clock_timestamp())
        );
      end if;
      if not holds then
        raise exception 'The right of % ended while its request was under way', acting using errcode = 'MR403';
      end if;
      return true;
    end $$`.execute(db);
}
