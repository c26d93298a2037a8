import { sql, type Transaction } from 'kysely';
import type { FailureTrace } from '../../domain/failure.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { pollAgainAfter } from '../ingest/watches.ts';
import type { Schema } from '../schema.ts';
import { recordEvent } from './events.ts';

/** The decrypted global properties, for calls to Microsoft. */
export interface ClearSettings {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The global properties as they may be shown. */
export interface SettingsView {
  readonly tenantId: string;
  readonly clientId: string;
  readonly clientSecretHint: string;
  readonly clientSecretSetAt: Date;
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
/** Enough to tell two secrets apart, too little to help an attacker … */
const HINT_LENGTH = 4;
/**
 * … as long as it is a small part. Microsoft's have 40 characters; of much shorter secrets less is shown, or nothing.
 */
const HINT_SHARE = 1 / 6;

/** Undefined until they have been entered. Throws DecryptionError when the key is not configured. */
export async function findSettings(db: Queryable, keys: KeyRing): Promise<ClearSettings | undefined> {
  const row = await db.selectFrom('settings').select(['tenantId', 'clientId', 'clientSecret']).executeTakeFirst();
  return row && { ...row, clientSecret: keys.decrypt(row.clientSecret, CLIENT_SECRET_CONTEXT) };
}

export async function findSettingsView(db: Queryable): Promise<SettingsView | undefined> {
  const row = await db
    .selectFrom('settings')
    .select([
      'tenantId',
      'clientId',
      'clientSecretHint',
      'clientSecretSetAt',
      'version',
      'updatedAt',
      'faultReason',
      'faultCode',
      'faultStatus',
      'faultRequestId',
      'faultSince',
    ])
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
  const { tenantId, clientId, clientSecret, version } = change;
  const secret = clientSecret === undefined ? undefined : secretColumns(keys, clientSecret);
  return await db.transaction().execute(async (trx) => {
    // Two administrators who enter the very first settings at the same time have no row to lock.
    await sql`lock table settings in share row exclusive mode`.execute(trx);
    const before = await trx.selectFrom('settings').select(['tenantId', 'clientId', 'version']).executeTakeFirst();
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
          ...noFault,
          version: versionBefore + 1,
          updatedAt: sql`clock_timestamp()`,
        })
        .execute();
    } else if (secret) {
      await trx
        .insertInto('settings')
        .values({ tenantId, clientId, ...secret })
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
