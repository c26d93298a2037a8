import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';

/** Tables that no trigger of the trail watches, by the reason. A new table belongs here, or into a migration like 0038-audit. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  'the trail itself': ['audit_entries', 'audit_seals', 'audit_pending', 'audit_anchors', 'audit_stream'],
  "the migrations' own": ['kysely_migration', 'kysely_migration_lock'],
  'mail as it arrived; readings are acts of their own': [
    'attachments',
    'contents',
    'content_chunks',
    'messages',
    'search_documents',
    'search_languages',
    'search_pending',
    'search_upkeep',
    'search_words',
    'unread_attachments',
  ],
  'how far the mailboxes are read, kept by Mailroom itself': [
    'captured',
    'content_turns',
    'copies',
    'cursors',
    'differences',
    'drains',
    'full_mailboxes',
    'inbox_drafts',
    'mailbox_budgets',
    'quarantine',
    'reconciliations',
    'shown_columns',
    'subscriptions',
    'watches',
  ],
  'processes, and what they prove to each other': ['key_checks', 'processes', 'stuck_workflows', 'workflow_checks'],
  'steps of sign-ins, whose ends are acts; tokens are never shown': [
    'attempt_counts',
    'logout_tokens',
    'sign_ins',
    'single_sign_ons',
    'token_caches',
  ],
  'texts and files of answers and notes: their acts name the item or the answer': [
    'answer_attachments',
    'answer_attachment_parts',
    'item_notes',
    'item_mentions',
  ],
  "the agents' own day, of which the acts are recorded": [
    'acknowledgements',
    'agent_availability',
    'image_senders',
    'item_presence',
    'offers',
  ],
  'the history that people read, written with the act': ['events'],
  'the work list of an erasure, which is watched itself': ['erasure_items'],
};

/** Columns of watched tables that the trail leaves out, by the reason. */
const LEFT_OUT_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  'ids and times that follow from the entry': [
    '*.id',
    '*.created_at',
    '*.updated_at',
    '*.updated_by',
    '*.version',
    'account_commands.accepted_at',
    'api_keys.created_by',
    'erasures.requested_at',
    'erasures.requested_by',
    'holds.lifted_by',
    'holds.placed_at',
    'holds.placed_by',
    'client_certificates.made_at',
    'settings.client_secret_set_at',
  ],
  'work, not configuration: the act names the row, and the trigger watches its state': ['items.*', 'answers.*'],
  'what a session consists of; its beginning and its end are acts': ['sessions.*'],
  'what Microsoft answered when the limit of the application was tried': [
    'application_access.checked_at',
    'application_access.claimed_until',
    'application_access.client_id',
    'application_access.clock_skew_ms',
    'application_access.failure_code',
    'application_access.failure_reason',
    'application_access.failure_request_id',
    'application_access.failure_status',
    'application_access.missing',
    'application_access.proved_at',
    'application_access.readable',
    'application_access.requested_at',
    'application_access.roles',
    'application_access.tenant_id',
    'application_access.tried_at',
  ],
  'the whole of a certificate, which its thumbprint names': ['client_certificates.certificate'],
  'the end of a secret, and hashes': ['api_keys.hint', 'erasures.address_hash', 'settings.client_secret_hint'],
  'kept by Mailroom itself, not by a person': [
    'account_commands.attempts',
    'account_commands.carried_out_at',
    'account_commands.number',
    'account_commands.outcome',
    'account_commands.receipt',
    'account_commands.state',
    'accounts.authenticated_at',
    'accounts.capture_from',
    'accounts.clock_skew_ms',
    'accounts.command_number',
    'accounts.condition_attempts',
    'accounts.condition_code',
    'accounts.condition_reason',
    'accounts.condition_request_id',
    'accounts.condition_since',
    'accounts.condition_status',
    'accounts.condition_type',
    'accounts.condition_until',
    'accounts.identity_name',
    'accounts.identity_object_id',
    'accounts.identity_tenant_id',
    'accounts.identity_username',
    'accounts.inbox_id',
    'accounts.paused_at',
    'accounts.removing_since',
    'accounts.routing_version',
    'accounts.sending_granted',
    'accounts.sign_in',
    'accounts.sign_in_code',
    'accounts.sign_in_number',
    'accounts.sign_in_probe_at',
    'accounts.sign_in_reason',
    'accounts.sign_in_request_id',
    'accounts.sign_in_since',
    'accounts.sign_in_status',
    'api_keys.last_used_at',
    'api_keys.warned_days',
    'erasures.answers',
    'erasures.finished_at',
    'erasures.items_completed',
    'erasures.listed_at',
    'erasures.messages',
    'erasures.notes',
    'retention.swept',
    'retention.swept_at',
    'settings.fault_code',
    'settings.fault_reason',
    'settings.fault_request_id',
    'settings.fault_since',
    'settings.fault_status',
    'settings.previous_certificate_id',
    'settings.previous_client_secret_until',
    'settings.subscription_ceiling_at',
    'settings.subscription_ceiling_minutes',
    'settings.warned_days',
    'users.last_signed_in_at',
    'users.mapped_values',
    'users.signed_out_at',
  ],
};

interface Trigger {
  readonly table: string;
  readonly columns: readonly string[];
  readonly events: number;
  readonly onlyOf: readonly string[];
}

let database: TestDatabase;
let db: Database;
let columns: readonly { readonly table: string; readonly column: string }[];
let triggers: readonly Trigger[];

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, poolSize: 1, applicationName: 'mailroom-test' });
  columns = (
    await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = current_schema() order by 1, 2`.execute(db)
  ).rows;
  const { rows } = await sql<{ table: string; args: string; events: number; onlyOf: string[] }>`
    select relname as table, encode(tgargs, 'escape') as args, tgtype::int as events,
      array(select attname from pg_attribute where attrelid = tgrelid and attnum = any(tgattr))::text[] as only_of
    from pg_trigger join pg_class on pg_class.oid = tgrelid join pg_proc on pg_proc.oid = tgfoid
    where proname = 'audit_change'`.execute(db);
  triggers = rows.map(({ args, ...trigger }) => {
    const [, shown = '', hidden = ''] = args.split('\\000');
    return { ...trigger, columns: `${shown} ${hidden}`.split(' ').filter(Boolean) };
  });
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const watched = () => new Set(triggers.map(({ table }) => table));

describe('what the triggers of the audit trail watch', () => {
  it('is every table, but for those that are left out for a reason', () => {
    const leftOut = Object.values(LEFT_OUT).flat();
    const tables = [...new Set(columns.map(({ table }) => table))];
    expect(tables.filter((table) => !watched().has(table) && !leftOut.includes(table))).toEqual([]);
    expect(leftOut.filter((table) => !tables.includes(table) || watched().has(table))).toEqual([]);
  });

  it('is every column of them, but for those that are left out for a reason', () => {
    const leftOut = Object.values(LEFT_OUT_COLUMNS).flat();
    const isLeftOut = (table: string, column: string) =>
      [`*.${column}`, `${table}.*`, `${table}.${column}`].some((name) => leftOut.includes(name));
    const known = (table: string) =>
      triggers.filter((trigger) => trigger.table === table).flatMap((trigger) => trigger.columns);
    const missing = columns
      .filter(({ table, column }) => watched().has(table) && !known(table).includes(column))
      .filter(({ table, column }) => !isLeftOut(table, column));
    expect(missing.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
    const all = columns.map(({ table, column }) => `${table}.${column}`);
    expect(leftOut.filter((name) => !name.includes('*') && !all.includes(name))).toEqual([]);
    // A name that is mistyped in a trigger is null before and after.
    for (const { table, columns: named } of triggers) {
      expect(
        named.filter((column) => !all.includes(`${table}.${column}`)),
        table,
      ).toEqual([]);
    }
  });

  it('includes a change of each of these columns, where a trigger runs for some columns only', () => {
    for (const { table, columns: named, onlyOf } of triggers.filter((trigger) => trigger.onlyOf.length > 0)) {
      expect(
        named.filter((column) => !onlyOf.includes(column)),
        table,
      ).toEqual([]);
    }
  });
});
