import { type Kysely, sql } from 'kysely';

/** Limits of sessions, offers of queues, capacities of people and how far back mail is read, in the audit trail. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await watch(db, 'session_limits', '', 'idle_minutes absolute_minutes');
  await watch(
    db,
    'queues',
    'name',
    'name description conversations outcomes tags target acknowledgement offers removed_at',
  );
  await watch(
    db,
    'users',
    'email',
    'email display_name profile enabled all_queues reads_mail capacity',
    'issuer subject',
  );
  // Mailroom itself changes accounts all the time.
  const ofAccounts =
    'address enabled sign_in_as rests_when_quiet default_queue_id removed_at sending_enabled backfill_days';
  await watch(db, 'accounts', 'address', ofAccounts, '', `update of ${ofAccounts.replaceAll(' ', ', ')}`);
}

async function watch(
  db: Kysely<unknown>,
  table: string,
  name: string,
  shown: string,
  hidden = '',
  on = 'update',
): Promise<void> {
  await sql`drop trigger if exists audit_change on ${sql.table(table)}`.execute(db);
  await sql`
    create trigger audit_change after insert or delete or ${sql.raw(on)} on ${sql.table(table)} for each row
      execute function audit_change(${sql.lit(name)}, ${sql.lit(shown)}, ${sql.lit(hidden)}, '', 'id')`.execute(db);
}
