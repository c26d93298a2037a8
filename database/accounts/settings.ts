import { sql, type Transaction } from 'kysely';
import { Failure, type FailureTrace } from '../../domain/failure.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { pollAgainAfter } from '../ingest/watches.ts';
import type { Schema } from '../schema.ts';
import { recordEvent } from './events.ts';

/** The decrypted global properties, for calls to Microsoft. */
export interface ClearSettings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The one before, while it may be used. */
  readonly previousSecret?: string | undefined;
}

/** The global properties as they may be shown. */
export interface SettingsView {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecretHint: string;
  readonly clientSecretSetAt: Date;
  /** Null: not known. */
  readonly clientSecretExpiresAt: Date | null;
  /** Until when the secret before it is used where Entra refuses the present one; null: it is not. */
  readonly previousClientSecretUntil: Date | null;
  readonly version: number;
  readonly updatedAt: Date;
  readonly fault: SettingsFault | undefined;
}

/** Why Microsoft refuses the global properties, and since when. */
export interface SettingsFault {
  readonly reason: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
  readonly requestId: string | undefined;
  readonly since: Date;
}

/** There is one row of settings, so its id adds nothing; the context still rejects ciphertexts of other tables. */
export const CLIENT_SECRET_CONTEXT = 'settings.client_secret|settings';
export const PREVIOUS_SECRET_CONTEXT = 'settings.previous_client_secret|settings';
/** Entra takes minutes to know a new secret everywhere. For longer, the one before would hide that the new one is wrong. */
const PREVIOUS_KEPT_MS = 3_600_000;
/** Enough to tell two secrets apart, too little to help an attacker … */
const HINT_LENGTH = 4;
/**
 * … as long as it is a small part. Microsoft's have 40 characters; of much shorter secrets less is shown, or nothing.
 */
const HINT_SHARE = 1 / 6;

/** Undefined until they have been entered. Throws DecryptionError when the key is not configured. */
export async function findSettings(db: Queryable, keys: KeyRing): Promise<ClearSettings | undefined> {
  const row = await db
    .selectFrom('settings')
    .select(['tenantId', 'clientId', 'clientSecret'])
    .select(
      sql<string | null>`case when previous_client_secret_until > now() then previous_client_secret end`.as('previous'),
    )
    .executeTakeFirst();
  if (!row) return undefined;
  const { previous, clientSecret, ...app } = row;
  const previousSecret = previous === null ? undefined : decryptPrevious(keys, previous);
  return {
    ...app,
    clientSecret: keys.decrypt(clientSecret, CLIENT_SECRET_CONTEXT),
    ...(previousSecret === undefined ? {} : { previousSecret }),
  };
}

/** The same; throws SettingsRejected until they are entered. */
export async function getSettings(db: Queryable, keys: KeyRing): Promise<ClearSettings> {
  const settings = await findSettings(db, keys);
  if (!settings) throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
  return settings;
}

/** Undefined when its key is gone: nothing depends on it alone. */
function decryptPrevious(keys: KeyRing, ciphertext: string): string | undefined {
  try {
    return keys.decrypt(ciphertext, PREVIOUS_SECRET_CONTEXT);
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}

export async function findSettingsView(db: Queryable): Promise<SettingsView | undefined> {
  const row = await db
    .selectFrom('settings')
    .select([
      'tenantId',
      'clientId',
      'clientSecretHint',
      'clientSecretSetAt',
      'clientSecretExpiresAt',
      'version',
      'updatedAt',
      'faultReason',
      'faultCode',
      'faultStatus',
      'faultRequestId',
      'faultSince',
    ])
    .select(
      sql<Date | null>`case when previous_client_secret_until > now() then previous_client_secret_until end`.as(
        'previousClientSecretUntil',
      ),
    )
    .executeTakeFirst();
  if (!row) return undefined;
  const { faultReason, faultCode, faultStatus, faultRequestId, faultSince, ...view } = row;
  const fault =
    faultReason !== null && faultSince !== null
      ? {
          reason: faultReason,
          code: faultCode ?? undefined,
          status: faultStatus ?? undefined,
          requestId: faultRequestId ?? undefined,
          since: faultSince,
        }
      : undefined;
  return { ...view, fault };
}

export interface SettingsChange {
  readonly tenantId: string;
  readonly clientId: string;
  /** Undefined: keeps the stored one. */
  readonly clientSecret?: string | undefined;
  /** Null: not known. Undefined: that of the stored secret stays, that of a new one is not known. */
  readonly clientSecretExpiresAt?: Date | null | undefined;
  /** False: the secret before a new one, or the one that is still kept, is deleted at once. */
  readonly keepPrevious?: boolean | undefined;
  /** The version that the client has seen, 0 when there was none; undefined: any version. */
  readonly version?: number | undefined;
}

export type SettingsOutcome = 'saved' | 'other-version' | 'secret-missing';

/**
 * Saves the global properties unless others were saved since they were read. Clears the fault of the old ones; accounts
 * that wait because of it are polled at once. The stored secret is kept only together with the tenant and client that
 * it belongs to (`secret-missing`).
 */
export async function saveSettings(
  db: Database,
  keys: KeyRing,
  actor: string,
  change: SettingsChange,
): Promise<SettingsOutcome> {
  const { tenantId, clientId, clientSecret, version, clientSecretExpiresAt: expiresAt, keepPrevious = true } = change;
  const secret = clientSecret === undefined ? undefined : secretColumns(keys, clientSecret);
  return await db.transaction().execute(async (trx) => {
    // Two administrators who enter the very first settings at the same time have no row to lock.
    await sql`lock table settings in share row exclusive mode`.execute(trx);
    const before = await trx.selectFrom('settings').selectAll().executeTakeFirst();
    const versionBefore = before?.version ?? 0;
    if (version !== undefined && version !== versionBefore) return 'other-version';
    const sameApp = before?.tenantId === tenantId && before.clientId === clientId;
    if (before && (secret || sameApp)) {
      await trx
        .updateTable('settings')
        .set({
          tenantId,
          clientId,
          ...secret,
          ...(expiresAt === undefined && !secret ? {} : expiryColumns(expiresAt ?? null)),
          ...(keepPrevious && sameApp ? replacedColumns(keys, clientSecret, before) : noPrevious),
          ...noFault,
          version: versionBefore + 1,
          updatedAt: sql`clock_timestamp()`,
        })
        .execute();
    } else if (secret) {
      await trx
        .insertInto('settings')
        .values({ tenantId, clientId, ...secret, clientSecretExpiresAt: expiresAt ?? null })
        .execute();
    } else {
      return 'secret-missing';
    }
    await pollAgainAfter(trx, 'SettingsRejected');
    await recordEvent(trx, {
      actor,
      name: 'settings.changed',
      details: {
        tenantId: before?.tenantId !== tenantId,
        clientId: before?.clientId !== clientId,
        clientSecret: clientSecret !== undefined,
      },
    });
    return 'saved';
  });
}

function secretColumns(keys: KeyRing, clientSecret: string) {
  return {
    clientSecret: keys.encrypt(clientSecret, CLIENT_SECRET_CONTEXT),
    clientSecretHint: hintOf(clientSecret),
    clientSecretSetAt: new Date(),
  };
}

/** Another end is warned of again. */
function expiryColumns(clientSecretExpiresAt: Date | null) {
  const isSame = sql<boolean>`client_secret_expires_at is not distinct from ${clientSecretExpiresAt}`;
  return { clientSecretExpiresAt, warnedDays: sql<number | null>`case when ${isSame} then warned_days end` };
}

const noPrevious = { previousClientSecret: null, previousClientSecretUntil: null } as const;

/** A replaced secret becomes the previous one; one that stays keeps the previous one. */
function replacedColumns(
  keys: KeyRing,
  clientSecret: string | undefined,
  before: { readonly clientSecret: string; readonly clientSecretExpiresAt: Date | null },
) {
  if (clientSecret === undefined) return {};
  const { clientSecretExpiresAt: end } = before;
  const longest = new Date(Date.now() + PREVIOUS_KEPT_MS);
  try {
    const secret = keys.decrypt(before.clientSecret, CLIENT_SECRET_CONTEXT);
    if (secret === clientSecret) return {};
    return {
      previousClientSecret: keys.encrypt(secret, PREVIOUS_SECRET_CONTEXT),
      previousClientSecretUntil: end !== null && end < longest ? end : longest,
    };
  } catch (error) {
    if (error instanceof DecryptionError) return noPrevious;
    throw error;
  }
}

function hintOf(clientSecret: string): string {
  const length = Math.min(HINT_LENGTH, Math.floor(clientSecret.length * HINT_SHARE));
  return length === 0 ? '' : clientSecret.slice(-length);
}

const noFault = {
  faultReason: null,
  faultCode: null,
  faultStatus: null,
  faultRequestId: null,
  faultSince: null,
} as const;

/** Microsoft's refusal of the settings. */
type Refusal = { readonly reason?: string | undefined } & FailureTrace;

/** Microsoft refuses the settings: one fault for all accounts. `since` stays while the reason stays. */
export async function recordSettingsFault(db: Database, refusal: Refusal): Promise<void> {
  await db.transaction().execute((trx) => noteSettingsFault(trx, refusal));
}

/** `recordSettingsFault` inside a transaction. */
export async function noteSettingsFault(
  trx: Transaction<Schema>,
  { reason, code, status, requestId }: Refusal,
): Promise<void> {
  const faultReason = reason ?? 'app-misconfigured';
  const { numUpdatedRows } = await trx
    .updateTable('settings')
    .set({
      faultReason,
      faultCode: code ?? null,
      faultStatus: status ?? null,
      faultRequestId: requestId ?? null,
      faultSince: sql`now()`,
    })
    .where('faultReason', 'is distinct from', faultReason)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const details = { reason: faultReason, code, status, requestId };
  await recordEvent(trx, { actor: 'mailroom', name: 'settings.fault-found', details });
}

/** Microsoft accepts the settings again: accounts that wait because of them are polled at once. */
export async function clearSettingsFault(db: Database): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { numUpdatedRows } = await trx
      .updateTable('settings')
      .set(noFault)
      .where('faultReason', 'is not', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    await pollAgainAfter(trx, 'SettingsRejected');
    await recordEvent(trx, { actor: 'mailroom', name: 'settings.fault-cleared' });
  });
}
