import { type Kysely, sql } from 'kysely';

/**
 * Tells who listens what has changed, so that pages follow without asking: `pg_notify('mailroom_changes', 'topic:id')`,
 * ids only, nothing personal. PostgreSQL sends a notice when its transaction commits, and equal ones of a transaction
 * once: a page of captured mail is one notice, however many messages it holds.
 *
 * A commit with a notice takes a lock that other such commits wait for. So what happens for each mailbox every few
 * seconds tells nothing: a look that finds no mail only writes the watch, a comparison under way only counts. Triggers of tables that many rows are
 * written to at once run for each statement; the others for each row, which PostgreSQL decides more cheaply.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const aboutAccounts: ReadonlySet<string> = new Set(['events', 'differences']);

const statements = [
  // An account whose clock alone was measured again has not changed. The trigger may alter its copies: it runs afterwards.
  `create function tell_account_changed() returns trigger language plpgsql as $$
    begin
      if new.routing_version <> old.routing_version then
        perform pg_notify('mailroom_changes', 'routing:' || new.id);
      end if;
      old.clock_skew_ms := new.clock_skew_ms;
      old.updated_at := new.updated_at;
      if old is distinct from new then
        perform pg_notify('mailroom_changes', 'accounts:' || new.id);
      end if;
      return null;
    end
  $$`,
  `create trigger tell_changed after update on accounts
    for each row when (old.* is distinct from new.*) execute function tell_account_changed()`,

  // tg_argv: the topic. More than 20 accounts at once are told as all of them.
  `create function tell_accounts_changed() returns trigger language plpgsql as $$
    declare ids uuid[];
    begin
      select array_agg(account_id) into ids from (
        select distinct account_id from changed where account_id is not null limit 21
      ) few;
      if cardinality(ids) > 20 then
        perform pg_notify('mailroom_changes', tg_argv[0]);
      else
        perform pg_notify('mailroom_changes', tg_argv[0] || ':' || id) from unnest(ids) id;
      end if;
      return null;
    end
  $$`,
  ...['items', 'quarantine', 'drains', 'events', 'differences'].map(
    (table) => `create trigger tell_added after insert on ${table} referencing new table as changed
      for each statement execute function tell_accounts_changed('${aboutAccounts.has(table) ? 'accounts' : 'items'}')`,
  ),
  ...['items', 'quarantine'].map(
    (table) => `create trigger tell_changed after update on ${table} referencing new table as changed
      for each statement execute function tell_accounts_changed('items')`,
  ),

  // tg_argv: the topic, and the column that names what changed.
  `create function tell_changed() returns trigger language plpgsql as $$
    declare changed jsonb := to_jsonb(coalesce(new, old));
    begin
      perform pg_notify('mailroom_changes', concat_ws(':', tg_argv[0], changed ->> tg_argv[1]));
      return null;
    end
  $$`,
  `create trigger tell_added after insert on accounts for each row execute function tell_changed('accounts', 'id')`,
  `create trigger tell_removed after delete on accounts for each row execute function tell_changed('accounts', 'id')`,
  // Beside the accounts' rows: how new mail is told of, how it is read, and whether all of it is there.
  `create trigger tell_changed after update on subscriptions
    for each row when (
      (old.graph_id is null) <> (new.graph_id is null) or old.failure_reason is distinct from new.failure_reason
    ) execute function tell_changed('accounts', 'account_id')`,
  `create trigger tell_added after insert on subscriptions
    for each row execute function tell_changed('accounts', 'account_id')`,
  `create trigger tell_changed after insert or delete on full_mailboxes
    for each row execute function tell_changed('accounts', 'account_id')`,
  `create trigger tell_changed after update on reconciliations
    for each row when (old.started_at is distinct from new.started_at)
    execute function tell_changed('accounts', 'account_id')`,
  `create trigger tell_changed after insert or update or delete on queues
    for each row execute function tell_changed('queues', 'id')`,
  `create trigger tell_changed after insert or update or delete on users
    for each row execute function tell_changed('users', 'id')`,
  `create trigger tell_changed after insert or update on settings for each row execute function tell_changed('settings')`,
  // For the API itself: streams of a session that has ended, or of a revoked key, end too.
  `create trigger tell_ended after delete on sessions for each row execute function tell_changed('users', 'user_id')`,
  `create trigger tell_revoked after update of revoked_at on api_keys
    for each row execute function tell_changed('keys', 'id')`,
];
