import { type Kysely, sql } from 'kysely';

/**
 * Mailboxes are polled by readers, each with a share of the accounts. The state of a watch has a name. `due_at` has no
 * index any more: it changes with every poll, and each of those updates had to write that index, too.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table watches add state text not null default 'draining' check (state in ('off', 'draining', 'polling'))`,
  `update watches set state = case
      when watches.due_at < 'infinity' then 'polling'
      when accounts.enabled and accounts.sign_in = 'done' then 'draining'
      else 'off' end
    from accounts where accounts.id = watches.account_id`,
  // A worker of the release before knows the times only: the state follows them. Fires for nothing else.
  `create function watch_state_follows() returns trigger language plpgsql as $$
    begin
      new.state := case when new.due_at < 'infinity' then 'polling' else 'draining' end;
      return new;
    end $$`,
  `create trigger watch_state_follows before insert or update on watches for each row
    when ((new.state = 'polling') <> (new.due_at < 'infinity')) execute function watch_state_follows()`,
  'drop index watches_due',
];
