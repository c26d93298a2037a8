import { type Selectable, sql, type Transaction } from 'kysely';
import { type ClientCertificate, certificateFacts } from '../../encryption/client-certificate.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import type { Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { findCertificate } from './client-certificates.ts';

/** How Mailroom proves itself to Entra: by the secret, a certificate that it made, or the one of its files. */
export type Credential = 'secret' | 'certificate' | 'file';

export interface CredentialChange {
  /** Undefined: keeps the stored one. */
  readonly clientSecret?: string | undefined;
  /**
   * The id of a certificate that takes the place of the secret, or `file`. Null: the secret. Undefined: what is stored
   * stays, unless a secret is given.
   */
  readonly certificateId?: string | null | undefined;
  /**
   * Null: not known. Undefined: that of the stored secret stays, that of a new one is not known. Certificates know their
   * own.
   */
  readonly clientSecretExpiresAt?: Date | null | undefined;
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

/** The columns of a secret or certificate that a change brings; those that it leaves are absent. */
interface CredentialColumns {
  readonly credential?: Credential;
  readonly certificateId?: string | null;
  readonly clientSecret?: string;
  readonly clientSecretHint?: string;
  readonly clientSecretSetAt?: Date;
  readonly clientSecretExpiresAt?: Date | null;
}

/** The row before a change. */
type Before = Selectable<Schema['settings']>;

/**
 * The columns of the credential that a change asks for. `secret-missing`: none is given, and the stored one belongs to another
 * app. `certificate-missing`: there is no such certificate.
 */
export async function chooseCredential(
  trx: Transaction<Schema>,
  keys: KeyRing,
  { clientSecret, certificateId, clientSecretExpiresAt: expiresAt }: CredentialChange,
  { before, sameApp, ofFile }: { before: Before | undefined; sameApp: boolean; ofFile: ClientCertificate | undefined },
): Promise<CredentialColumns | 'secret-missing' | 'certificate-missing'> {
  if (clientSecret !== undefined) {
    return { ...secretColumns(keys, clientSecret), clientSecretExpiresAt: expiresAt ?? null };
  }
  if (certificateId === null || (certificateId === undefined && (before?.credential ?? 'secret') === 'secret')) {
    // A secret is stored only while it is in use, and belongs to its app.
    if (before?.credential !== 'secret' || !sameApp) return 'secret-missing';
    return expiresAt === undefined ? {} : { clientSecretExpiresAt: expiresAt };
  }
  const isKept = certificateId === undefined || certificateId === (before?.certificateId ?? before?.credential);
  if (before && isKept) return {};
  const certificate =
    certificateId === 'file' ? ofFile : certificateId && (await findCertificate(trx, keys, certificateId));
  if (!certificate) return 'certificate-missing';
  const { validTo } = certificateFacts(certificate.certificate);
  const isFile = certificateId === 'file';
  return {
    ...secretColumns(keys, ''),
    credential: isFile ? 'file' : 'certificate',
    certificateId: isFile ? null : (certificateId ?? null),
    clientSecretExpiresAt: validTo,
  };
}

function secretColumns(keys: KeyRing, clientSecret: string) {
  return {
    credential: 'secret',
    certificateId: null,
    clientSecret: keys.encrypt(clientSecret, CLIENT_SECRET_CONTEXT),
    clientSecretHint: hintOf(clientSecret),
    clientSecretSetAt: new Date(),
  } as const;
}

export const noPrevious = {
  previousClientSecret: null,
  previousCertificateId: null,
  previousClientSecretUntil: null,
} as const;

/**
 * A replaced secret or certificate becomes the previous one; one that stays keeps the previous one. That of the files is
 * not kept: who replaces it by another way has it no longer in hand.
 */
export function replacedColumns(
  keys: KeyRing,
  { credential }: CredentialColumns,
  clientSecret: string | undefined,
  before: Before,
) {
  if (credential === undefined) return {};
  const { clientSecretExpiresAt: end } = before;
  const longest = new Date(Date.now() + PREVIOUS_KEPT_MS);
  const until = end !== null && end < longest ? end : longest;
  if (before.credential !== 'secret') {
    return before.certificateId === null
      ? noPrevious
      : { ...noPrevious, previousCertificateId: before.certificateId, previousClientSecretUntil: until };
  }
  try {
    const secret = keys.decrypt(before.clientSecret, CLIENT_SECRET_CONTEXT);
    if (secret === clientSecret) return {};
    return {
      ...noPrevious,
      previousClientSecret: keys.encrypt(secret, PREVIOUS_SECRET_CONTEXT),
      previousClientSecretUntil: until,
    };
  } catch (error) {
    if (error instanceof DecryptionError) return noPrevious;
    throw error;
  }
}

/** Deletes what was before, once it is not used any more. */
export async function forgetPrevious(db: Queryable): Promise<void> {
  await db.updateTable('settings').set(noPrevious).where('previousClientSecretUntil', '<', sql<Date>`now()`).execute();
}

function hintOf(clientSecret: string): string {
  const length = Math.min(HINT_LENGTH, Math.floor(clientSecret.length * HINT_SHARE));
  return length === 0 ? '' : clientSecret.slice(-length);
}
