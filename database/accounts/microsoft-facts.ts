import { sql } from 'kysely';
import { databaseReasons, keyReasons, type MicrosoftFacts } from '../../domain/health.ts';
import type { Queryable } from '../database.ts';
import { isRead } from '../ingest/watches.ts';

/** A failure of Microsoft that lasts a second or two is not worth reporting … */
const HINDERED_AFTER_SECONDS = 30;
/** … and requests to wait are normal for minutes. */
const THROTTLED_AFTER_SECONDS = 600;

/** Conditions that say nothing about Microsoft: the settings, single mailboxes, and Mailroom's own dependencies. */
const ownTypes = ['SettingsRejected', 'MailboxGone', 'CursorExpired', 'InvalidTransition'];
const ownReasons = [
  'budget-used-up',
  'mailbox-held',
  ...databaseReasons,
  ...keyReasons,
  'temporal-down',
  'no-worker',
  'workflow-stuck',
  'workflow-ended',
  'namespace-missing',
];

const isHindered = sql<boolean>`(
  ${isRead} and accounts.condition_type <> all(${ownTypes}::text[])
  and coalesce(accounts.condition_reason, '') <> all(${ownReasons}::text[])
  and accounts.condition_since < now() - interval '1 second' * case accounts.condition_type
    when 'Throttled' then ${THROTTLED_AFTER_SECONDS}::integer else ${HINDERED_AFTER_SECONDS}::integer end
)`;

/** The state of Microsoft and of the global properties, from the conditions of all mailboxes. */
export async function readMicrosoftFacts(db: Queryable): Promise<MicrosoftFacts> {
  const { rows } = await sql<
    Omit<MicrosoftFacts, 'settings' | 'settingsReason' | 'settingsSince' | 'secretDaysLeft' | 'isCertificate'>
  >`
    select
      count(*) filter (where ${isRead})::integer as read,
      count(*) filter (where ${isHindered})::integer as hindered,
      min(accounts.condition_since) filter (where ${isHindered}) as hindered_since,
      max(watches.current_at) filter (where ${isRead}) as answered_at,
      round((percentile_disc(0.5) within group (order by accounts.clock_skew_ms)
        filter (where ${isRead} and watches.current_at is not null)) / 1000.0)::integer as clock_difference_seconds
    from accounts left join watches on watches.account_id = accounts.id
    where accounts.removed_at is null
  `.execute(db);
  const settings = await db
    .selectFrom('settings')
    .select(['faultReason', 'faultSince', 'credential'])
    .select(
      sql<number | null>`ceil(extract(epoch from client_secret_expires_at - now()) / 86400)::integer`.as(
        'secretDaysLeft',
      ),
    )
    .executeTakeFirst();
  const [known] = rows;
  if (!known) throw new TypeError('Aggregates have a row');
  return {
    ...known,
    settings: settings === undefined ? 'missing' : settings.faultReason === null ? 'work' : 'refused',
    settingsReason: settings?.faultReason ?? null,
    settingsSince: settings?.faultSince ?? null,
    isCertificate: (settings?.credential ?? 'secret') !== 'secret',
    secretDaysLeft: settings?.secretDaysLeft ?? null,
  };
}
