import { type Kysely, sql } from 'kysely';

/** The audit trail: entries, the seals that chain them, and the triggers that notice changes (decision 67). */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_entries (
      id bigint generated always as identity primary key,
      at timestamptz not null default clock_timestamp(),
      act text not null,
      outcome text not null,
      reason text,
      actor text not null,
      actor_name text,
      profile text,
      address text,
      agent text,
      request_id text,
      object_kind text,
      object_id text,
      object_name text,
      changes jsonb
    )`.execute(db);
  await sql`create index audit_entries_at on audit_entries (at)`.execute(db);
  await sql`create index audit_entries_actor on audit_entries (actor, id)`.execute(db);
  await sql`create index audit_entries_actor_name on audit_entries (actor_name, id)`.execute(db);
  await sql`create index audit_entries_address on audit_entries (address, id)`.execute(db);
  await sql`create index audit_entries_object on audit_entries (object_id, id)`.execute(db);
  await sql`create index audit_entries_object_name on audit_entries (object_name, id) where object_name is not null`.execute(
    db,
  );
  await sql`
    create table audit_seals (
      number bigint primary key,
      entry_id bigint not null unique,
      content bytea not null, -- SHA-256 of the entry
      hash bytea not null, -- SHA-256 of the previous hash and of this seal
      sealed_at timestamptz not null default now()
    )`.execute(db);
  await sql`create table audit_pending (entry_id bigint primary key)`.execute(db);
  // 'head': the last seal. 'start': the last one that was deleted because of its age. 'stream': the last one sent.
  await sql`
    create table audit_anchors (
      kind text primary key,
      number bigint not null,
      proof text not null, -- number and hash, encrypted
      updated_at timestamptz not null default now()
    )`.execute(db);

  await sql`
    create function audit_accept() returns trigger language plpgsql as $$
    begin
      new.at := clock_timestamp();
      return new;
    end $$`.execute(db);
  await sql`
    create trigger audit_accept before insert on audit_entries for each row execute function audit_accept()`.execute(
    db,
  );
  await sql`
    create function audit_queue() returns trigger language plpgsql as $$
    begin
      insert into audit_pending (entry_id) values (new.id);
      return null;
    end $$`.execute(db);
  await sql`
    create trigger audit_queue after insert on audit_entries for each row execute function audit_queue()`.execute(db);

  await sql`
    create function audit_refuse() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' and current_setting('mailroom.forgets', true) = 'on'
        and current_user = (select pg_get_userbyid(relowner) from pg_class where oid = tg_relid)
      then return old;
      end if;
      raise exception 'The audit trail is only added to: % of % is refused', tg_op, tg_table_name
        using errcode = '42501';
    end $$`.execute(db);
  for (const table of ['audit_entries', 'audit_seals']) {
    await sql`
      create trigger audit_refuse before update or delete on ${sql.table(table)}
        for each row execute function audit_refuse()`.execute(db);
    await sql`
      create trigger audit_refuse_truncate before truncate on ${sql.table(table)}
        for each statement execute function audit_refuse()`.execute(db);
  }

  // The start of the rest is proved by the caller, who holds the keys. 30 days: nothing younger can be deleted by it.
  await sql`
    create function audit_forget(last_number bigint, start_proof text) returns bigint
    language plpgsql security definer set search_path from current as $$
    declare
      deleted bigint;
    begin
      if exists (
        select from audit_seals join audit_entries on id = entry_id
        where number <= last_number and at > now() - interval '30 days'
      ) then
        raise exception 'Entries of the last 30 days are kept' using errcode = '42501';
      end if;
      perform set_config('mailroom.forgets', 'on', true);
      delete from audit_entries using audit_seals where id = entry_id and number <= last_number;
      delete from audit_seals where number <= last_number;
      get diagnostics deleted = row_count;
      perform set_config('mailroom.forgets', 'off', true);
      insert into audit_anchors (kind, number, proof) values ('start', last_number, start_proof)
        on conflict (kind) do update set number = excluded.number, proof = excluded.proof, updated_at = now();
      return deleted;
    end $$`.execute(db);

  await sql`
    create function audit_change() returns trigger language plpgsql as $$
    declare
      is_act boolean := coalesce(current_setting('mailroom.act', true), '') = 'on';
      old_row jsonb;
      new_row jsonb;
      shown text[] := string_to_array(tg_argv[1], ' ');
      hidden text[] := string_to_array(tg_argv[2], ' ');
      col text;
      was jsonb;
      is_now jsonb;
      before_values jsonb := '{}';
      after_values jsonb := '{}';
      any_row jsonb;
      change jsonb;
      so_far text;
    begin
      if tg_argv[3] = 'acts' and not is_act then return null; end if;
      if tg_op <> 'INSERT' then old_row := to_jsonb(old); end if;
      if tg_op <> 'DELETE' then new_row := to_jsonb(new); end if;
      foreach col in array shown || hidden loop
        was := coalesce(old_row -> col, 'null');
        is_now := coalesce(new_row -> col, 'null');
        if was is distinct from is_now then
          if col = any(hidden) or length(was::text) > 300 or length(is_now::text) > 300 then
            after_values := after_values || jsonb_build_object(col, 'changed');
          else
            if tg_op <> 'INSERT' then before_values := before_values || jsonb_build_object(col, was); end if;
            if tg_op <> 'DELETE' then after_values := after_values || jsonb_build_object(col, is_now); end if;
          end if;
        end if;
      end loop;
      if before_values = '{}' and after_values = '{}' and tg_op = 'UPDATE' then return null; end if;
      any_row := coalesce(new_row, old_row);
      change := jsonb_build_object(
        'table', tg_table_name,
        'change', case tg_op when 'INSERT' then 'added' when 'DELETE' then 'removed' else 'changed' end,
        'id', any_row ->> tg_argv[4],
        'name', any_row ->> tg_argv[0],
        'before', before_values,
        'after', after_values
      );
      if is_act then
        so_far := coalesce(current_setting('mailroom.changes', true), '');
        if length(so_far) > 32000 then
          if so_far not like '%{"more": true}' then
            perform set_config('mailroom.changes', so_far || ',{"more": true}', true);
          end if;
          return null;
        end if;
        perform set_config('mailroom.changes', so_far || case so_far when '' then '' else ',' end || change::text, true);
        return null;
      end if;
      insert into audit_entries (act, outcome, actor, address, object_kind, object_id, object_name, changes)
      select 'database.change', 'done',
        case when application_name like 'mailroom-%' then 'mailroom' else 'database:' || session_user end,
        case when application_name not like 'mailroom-%' then host(inet_client_addr()) end,
        tg_table_name, change ->> 'id', change ->> 'name', jsonb_build_array(change)
      from current_setting('application_name') application_name;
      return null;
    end $$`.execute(db);

  // Sessions that are deleted because they had ended are no part of the act in which that happens.
  await sql`
    create function audit_ended_session() returns trigger language plpgsql as $$
    begin
      insert into audit_entries (act, outcome, actor, object_kind, object_id, object_name)
      values ('session.end', 'done', 'mailroom', 'user', old.user_id, (select email from users where id = old.user_id));
      return null;
    end $$`.execute(db);
  await sql`
    create trigger audit_ended_session after delete on sessions for each row
      when (old.expires_at < now()) execute function audit_ended_session()`.execute(db);
  await sql`
    create trigger audit_session after delete on sessions for each row
      when (old.expires_at >= now()) execute function audit_change('', 'user_id', '', '', 'user_id')`.execute(db);

  const watched: readonly Watched[] = [
    {
      table: 'settings',
      shown: 'tenant_id client_id client_secret_expires_at sending_enabled allowed_addresses',
      hidden: 'client_secret previous_client_secret',
    },
    {
      table: 'users',
      name: 'email',
      shown: 'email display_name profile enabled all_queues reads_mail',
      hidden: 'issuer subject',
    },
    { table: 'teams', name: 'name', shown: 'name' },
    { table: 'team_people', shown: 'team_id user_id', id: 'team_id' },
    { table: 'team_queues', shown: 'team_id queue_id', id: 'team_id' },
    { table: 'sessions', on: 'insert', shown: 'user_id', id: 'user_id' },
    {
      table: 'api_keys',
      name: 'name',
      shown: 'name profile revoked_at expires_at permissions queue_ids account_ids networks',
      hidden: 'key_hash',
    },
    {
      table: 'queues',
      name: 'name',
      shown: 'name description conversations outcomes tags target acknowledgement removed_at',
    },
    {
      table: 'accounts',
      name: 'address',
      on: 'insert or delete or update of address, enabled, sign_in_as, rests_when_quiet, default_queue_id, removed_at, sending_enabled',
      shown: 'address enabled sign_in_as rests_when_quiet default_queue_id removed_at sending_enabled',
    },
    { table: 'account_commands', on: 'insert', shown: 'account_id name', id: 'account_id', acts: true },
    { table: 'retention', shown: 'content_days item_days event_days sign_in_days quarantine_days' },
    { table: 'holds', shown: 'scope account_id item_id lifted_at', hidden: 'address reason' },
    { table: 'erasures', on: 'insert', shown: 'scope account_id item_id address_hint', hidden: 'address reason' },
    { table: 'rules', shown: 'account_id position queue_id keywords' },
    { table: 'signatures', id: 'owner', shown: 'owner', hidden: 'body' },
    { table: 'canned_answers', name: 'name', shown: 'name', hidden: 'body' },
    {
      table: 'items',
      on: 'update',
      shown: 'queue_id state claimed_by assigned_to parked_until park_reason outcome tags joined_to',
      acts: true,
    },
    { table: 'answers', on: 'update', shown: 'state author sent_by', acts: true },
  ];
  for (const { table, name = '', id = 'id', on = 'insert or update or delete', shown, hidden = '', acts } of watched) {
    await sql`
      create trigger audit_change after ${sql.raw(on)} on ${sql.table(table)} for each row
        execute function audit_change(${sql.lit(name)}, ${sql.lit(shown)}, ${sql.lit(hidden)}, ${sql.lit(acts ? 'acts' : '')}, ${sql.lit(id)})`.execute(
      db,
    );
  }
}

interface Watched {
  readonly table: string;
  /** The column with the name of the row. */
  readonly name?: string;
  /** The column by which the row is known. */
  readonly id?: string;
  readonly on?: string;
  /** Columns whose values are kept. */
  readonly shown: string;
  /** Columns of which only the change is kept. */
  readonly hidden?: string;
  /** Only what a request changes; Mailroom itself changes the table all the time. */
  readonly acts?: true;
}
