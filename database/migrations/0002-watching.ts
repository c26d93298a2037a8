import { type Kysely, sql } from 'kysely';

/**
 * What it takes to know of new mail early, and to prove that none is missing: watches, subscriptions, the budget of
 * requests, comparisons of mailbox and ledger, and mailboxes that somebody reads with delegated access.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Who signs in for a mailbox that has no sign-in of its own, in lower case; null: the mailbox's own user.
  'alter table accounts add column sign_in_as text check (sign_in_as = lower(sign_in_as) and sign_in_as <> address)',
  // An administrator allows it to be looked at less often while it is quiet.
  'alter table accounts add column rests_when_quiet boolean not null default false',
  // The longest life of a subscription in minutes, as Microsoft last told it; null: never refused.
  'alter table settings add column subscription_ceiling_minutes integer check (subscription_ceiling_minutes > 0)',

  // Written once for each look, so apart from the accounts' rows: those are locked by every transaction that captures.
  // Half-filled pages let an update stay on its page.
  `create table watches (
    account_id uuid primary key references accounts on delete cascade,
    due_at timestamptz not null default 'infinity', -- when to look next; infinity: a drain is under way or nobody may look
    rung_at timestamptz, -- the last doorbell
    current_at timestamptz, -- when the mailbox was last proved to hold nothing new
    mail_at timestamptz -- when something was last captured
  ) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05)`,
  'create index watches_due on watches (due_at)',
  'insert into watches (account_id, current_at) select id, current_at from accounts',
  'alter table accounts drop column current_at',

  `create table subscriptions (
    account_id uuid primary key references accounts on delete cascade,
    graph_id text collate "C" unique, -- Microsoft's id; null: there is none
    expires_at timestamptz,
    due_at timestamptz not null default now(), -- when it is to be made, renewed or looked after
    notified_at timestamptz, -- the last notification, of mail or of its own life
    failures integer not null default 0, -- since it last went well
    failure_reason text,
    failure_code text,
    created_at timestamptz
  )`,

  // One row for each mailbox that is read: who reads it, and how many requests it was sent in each of the last minutes.
  `create table mailbox_budgets (
    account_id uuid primary key references accounts on delete cascade,
    holder uuid, -- the drain that reads the mailbox
    held_until timestamptz not null default '-infinity',
    requests integer[] not null, -- by minute, the newest first; eleven cover ten minutes, whatever the second
    minute bigint not null -- the newest of them, in minutes since 1970
  ) with (fillfactor = 50)`,
  // The requests of the last eleven minutes, as seen from another one.
  `create function requests_by_minute(requests integer[], minute bigint, seen_from bigint) returns integer[]
    language sql immutable
    return (array_fill(0, array[least(11, greatest(0, seen_from - minute))::integer]) || requests
      || array_fill(0, array[11]))[1:11]`,
  `create function sum_of(numbers integer[]) returns bigint language sql immutable
    return (select coalesce(sum(number), 0) from unnest(numbers) number)`,

  // Mailboxes over their quota: Microsoft refuses delta for them, and a list of the inbox takes its place.
  `create table full_mailboxes (
    account_id uuid primary key references accounts on delete cascade,
    since timestamptz not null default now(),
    listed_until timestamptz not null, -- mail received earlier was listed and captured; by the mail server's clock
    delta_due_at timestamptz not null -- when delta is tried again
  )`,

  // One row for each account that was ever compared: the comparison under way, and the last one that reached its end.
  `create table reconciliations (
    account_id uuid primary key references accounts on delete cascade,
    due_at timestamptz not null default now(), -- when the next comparison begins, or a turn of the one under way
    again boolean not null default false, -- asked for while one was under way: another follows
    version integer not null default 1, -- the fence between two attempts of one turn
    started_at timestamptz, -- the comparison under way; null: none is
    capture_from timestamptz, -- as the account's when it began: when that moves, it begins anew
    received_before timestamptz, -- younger mail is left to the drains; by the mail server's clock
    position timestamptz, -- mail received earlier is compared; null: none is yet
    seen integer not null default 0, -- so far: messages in the mailbox
    known integer not null default 0, -- so far: of these captured or in quarantine
    finished_at timestamptz, -- the last comparison that reached its end, and what it found
    in_mailbox integer,
    in_ledger integer, -- captured or in quarantine, after the repair
    repaired integer not null default 0 -- had been missing
  )`,
  `create table differences (
    id bigint generated always as identity primary key,
    account_id uuid not null references accounts on delete cascade,
    graph_id text collate "C" not null,
    found_at timestamptz not null default now(),
    received_at timestamptz,
    outcome text not null check (outcome in ('captured', 'quarantined', 'gone')),
    unique (account_id, graph_id)
  )`,
  'create index differences_account on differences (account_id, id desc)',
];
