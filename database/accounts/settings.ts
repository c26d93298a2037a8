import { sql, type Transaction } from 'kysely';
import { Failure, type FailureTrace } from '../../domain/failure.ts';
import type { ClientCertificate } from '../../encryption/client-certificate.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { pollAgainAfter } from '../ingest/watches.ts';
import type { Schema } from '../schema.ts';
import { findCertificate } from './client-certificates.ts';
import { recordEvent } from './events.ts';
import {
  CLIENT_SECRET_CONTEXT,
  type Credential,
  type CredentialChange,
  chooseCredential,
  noPrevious,
  PREVIOUS_SECRET_CONTEXT,
  replacedColumns,
} from './settings-credential.ts';

/** The decrypted global properties, for calls to Microsoft. */
export interface ClearSettings {
  readonly tenantId: string;
  readonly clientId: string;
  /** Empty where a certificate takes its place. */
  readonly clientSecret: string;
  readonly certificate?: ClientCertificate | undefined;
  /** The secret or certificate before, while it may be used. */
  readonly previousSecret?: string | undefined;
  readonly previousCertificate?: ClientCertificate | undefined;
}

/** The global properties as they may be shown. */
export interface SettingsView {
  readonly tenantId: string;
  readonly clientId: string;
  readonly credential: Credential;
  /** That of a certificate which Mailroom made. */
  readonly certificateId: string | null;
  readonly clientSecretHint: string;
  readonly clientSecretSetAt: Date;
  /** Also of a certificate. Null: not known. */
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

/**
 * Undefined until they have been entered. `ofFile`: the certificate of the files, where this process has one. Throws
 * DecryptionError when the key is not configured.
 */
export async function findSettings(
  db: Queryable,
  keys: KeyRing,
  ofFile?: ClientCertificate,
): Promise<ClearSettings | undefined> {
  const isKept = sql<boolean>`coalesce(previous_client_secret_until > now(), false)`;
  const row = await db
    .selectFrom('settings')
    .select(['tenantId', 'clientId', 'clientSecret', 'credential', 'certificateId'])
    .select(['previousClientSecret', 'previousCertificateId', isKept.as('isKept')])
    .executeTakeFirst();
  if (!row) return undefined;
  const { tenantId, clientId, clientSecret, credential, certificateId } = row;
  const { isKept: keepsPrevious, previousClientSecret: secret, previousCertificateId: id } = row;
  const certificate =
    credential === 'file'
      ? ofFile
      : certificateId === null
        ? undefined
        : await findCertificate(db, keys, certificateId);
  const previousSecret =
    keepsPrevious && secret !== null
      ? await unlessUnreadable(async () => keys.decrypt(secret, PREVIOUS_SECRET_CONTEXT))
      : undefined;
  const previousCertificate =
    keepsPrevious && id !== null ? await unlessUnreadable(() => findCertificate(db, keys, id)) : undefined;
  return {
    tenantId,
    clientId,
    clientSecret: credential === 'secret' ? keys.decrypt(clientSecret, CLIENT_SECRET_CONTEXT) : '',
    ...(certificate && { certificate }),
    ...(previousSecret !== undefined && { previousSecret }),
    ...(previousCertificate && { previousCertificate }),
  };
}

/** The same; throws SettingsRejected until they are entered, and where this process lacks the certificate. */
export async function getSettings(db: Queryable, keys: KeyRing, ofFile?: ClientCertificate): Promise<ClearSettings> {
  const settings = await findSettings(db, keys, ofFile);
  if (!settings) throw new Failure('SettingsRejected', 'The settings are not entered', { reason: 'settings-missing' });
  if (settings.clientSecret !== '' || settings.certificate) return settings;
  throw new Failure('SettingsRejected', 'This process has no certificate', { reason: 'client-certificate-missing' });
}

/** Undefined when its key is gone: nothing depends on what was before alone. */
async function unlessUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
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
      'credential',
      'certificateId',
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

export interface SettingsChange extends CredentialChange {
  readonly tenantId: string;
  readonly clientId: string;
  /** False: the secret before a new one, or the one that is still kept, is deleted at once. */
  readonly keepPrevious?: boolean | undefined;
  /** The version that the client has seen, 0 when there was none; undefined: any version. */
  readonly version?: number | undefined;
}

export type SettingsOutcome = 'saved' | 'other-version' | 'secret-missing' | 'certificate-missing';

/**
 * Saves the global properties unless others were saved since they were read. Clears the fault of the old ones; accounts
 * that wait because of it are polled at once. The stored secret is kept only together with the tenant and client that
 * it belongs to (`secret-missing`). A certificate must be there (`certificate-missing`).
 */
export async function saveSettings(
  db: Database,
  keys: KeyRing,
  actor: string,
  change: SettingsChange,
  ofFile?: ClientCertificate,
): Promise<SettingsOutcome> {
  const { tenantId, clientId, clientSecret, version, keepPrevious = true } = change;
  return await db.transaction().execute(async (trx) => {
    // Two administrators who enter the very first settings at the same time have no row to lock.
    await sql`lock table settings in share row exclusive mode`.execute(trx);
    const before = await trx.selectFrom('settings').selectAll().executeTakeFirst();
    const versionBefore = before?.version ?? 0;
    if (version !== undefined && version !== versionBefore) return 'other-version';
    const sameApp = before?.tenantId === tenantId && before.clientId === clientId;
    const chosen = await chooseCredential(trx, keys, change, { before, sameApp, ofFile });
    if (typeof chosen === 'string') return chosen;
    if (before) {
      const { clientSecretExpiresAt, ...columns } = chosen;
      await trx
        .updateTable('settings')
        .set({
          tenantId,
          clientId,
          ...columns,
          ...(clientSecretExpiresAt === undefined ? {} : expiryColumns(clientSecretExpiresAt)),
          ...(keepPrevious && sameApp ? replacedColumns(keys, chosen, clientSecret, before) : noPrevious),
          ...noFault,
          version: versionBefore + 1,
          updatedAt: sql`clock_timestamp()`,
        })
        .execute();
    } else if (chosen.clientSecret !== undefined && chosen.clientSecretHint !== undefined) {
      const { clientSecret: secret, clientSecretHint: hint, ...others } = chosen;
      await trx
        .insertInto('settings')
        .values({ tenantId, clientId, clientSecret: secret, clientSecretHint: hint, ...others })
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
        ...(chosen.credential !== undefined && { credential: chosen.credential }),
      },
    });
    return 'saved';
  });
}

/** Another end is warned of again. */
function expiryColumns(clientSecretExpiresAt: Date | null) {
  const isSame = sql<boolean>`client_secret_expires_at is not distinct from ${clientSecretExpiresAt}`;
  return { clientSecretExpiresAt, warnedDays: sql<number | null>`case when ${isSame} then warned_days end` };
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
