import { type Kysely, sql } from 'kysely';

/**
 * `delete from messages` deletes content and nothing else: the item stays, and so does what the ledger needs to recognise
 * the mail when it comes again (decision 38).
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  'alter table items alter message_id drop not null, add content_deleted_at timestamptz',

  // As domain/same-mail.ts compares two mails. Stored: never change them.
  `create function mail_fingerprint(from_address text, subject text, content text) returns bytea
    language sql immutable parallel safe as $$
      select sha256(convert_to(jsonb_build_array(
        lower(coalesce(from_address, '') collate "C"), subject, regexp_replace(content, '\\s+', '', 'g')
      )::text, 'UTF8'))
  $$`,
  // attachments: list of { name, size }.
  `create function attachments_fingerprint(has_attachments boolean, attachments jsonb) returns bytea
    language sql immutable parallel safe as $$
      select case when not has_attachments or attachments <> '[]' then (
        select sha256(convert_to(coalesce(jsonb_agg(
          jsonb_build_array(name, size) order by name collate "C", size
        ), '[]')::text, 'UTF8'))
        from jsonb_to_recordset(attachments) as attachment (name text, size bigint)
      ) end
  $$`,
  `create function keep_in_ledger() returns trigger language plpgsql as $$
    begin
      update captured set
        content_deleted_at = now(),
        message_id_hash = hashtextextended(old.internet_message_id, 0),
        fingerprint = mail_fingerprint(old.from_address, old.subject, coalesce(old.body_html, old.body_text)),
        attachments_fingerprint = attachments_fingerprint(old.has_attachments, (
          select coalesce(jsonb_agg(jsonb_build_object('name', name, 'size', size)), '[]')
          from attachments where message_id = old.id
        ))
      where account_id = old.account_id and graph_id = old.graph_id;
      update items set message_id = null, content_deleted_at = now() where message_id = old.id;
      return old;
    end
  $$`,
  'create trigger keep_in_ledger before delete on messages for each row execute function keep_in_ledger()',

  // Of deleted content alone: what is captured pays for neither.
  `create index captured_message_id on captured (message_id_hash) where message_id_hash is not null`,
  `create index captured_deleted on captured (account_id, received_at) where content_deleted_at is not null`,
];
