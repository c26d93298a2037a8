import { sql } from 'kysely';
import { type ClientCertificate, certificateFacts } from '../../encryption/client-certificate.ts';
import type { KeyRing } from '../../encryption/key-ring.ts';
import type { Database, Queryable } from '../database.ts';
import { recordEvent } from './events.ts';

/** A certificate that Mailroom made, without its private key. */
export interface CertificateView {
  readonly id: string;
  readonly certificate: string;
  readonly madeAt: Date;
  /** `before`: used where Microsoft refuses what replaced it. */
  readonly use: 'in-use' | 'before' | 'unused';
}

/** One is in use, one is next, and one was before; more are forgotten ones. */
export const MOST_CERTIFICATES = 10;

export function certificateContext(id: string): string {
  return `client_certificates.private_key|${id}`;
}

/** The newest first. */
export async function listCertificates(db: Queryable): Promise<readonly CertificateView[]> {
  const { rows } = await sql<CertificateView>`
    select client_certificates.id, certificate, made_at,
      case
        when settings.certificate_id = client_certificates.id then 'in-use'
        when settings.previous_certificate_id = client_certificates.id
          and settings.previous_client_secret_until > now() then 'before'
        else 'unused'
      end as use
    from client_certificates left join settings on true
    order by made_at desc, client_certificates.id desc`.execute(db);
  return rows;
}

/** With its private key; undefined: there is no such certificate. Throws DecryptionError. */
export async function findCertificate(
  db: Queryable,
  keys: KeyRing,
  id: string,
): Promise<ClientCertificate | undefined> {
  const row = await db
    .selectFrom('clientCertificates')
    .select(['certificate', 'privateKey'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row && { certificate: row.certificate, privateKey: keys.decrypt(row.privateKey, certificateContext(id)) };
}

/** Stores a certificate that was made; its private key is encrypted. Returns its id; undefined: there are too many. */
export async function addCertificate(
  db: Database,
  keys: KeyRing,
  actor: string,
  { certificate, privateKey }: ClientCertificate,
): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    await sql`lock table client_certificates in share row exclusive mode`.execute(trx);
    const { rows } = await sql<{ id: string; count: number }>`
      select uuidv7() as id, (select count(*)::int from client_certificates) as count`.execute(trx);
    const [{ id, count } = { id: '', count: MOST_CERTIFICATES }] = rows;
    if (count >= MOST_CERTIFICATES) return undefined;
    const { thumbprint, validTo: expiresAt } = certificateFacts(certificate);
    await trx
      .insertInto('clientCertificates')
      .values({
        id,
        certificate,
        privateKey: keys.encrypt(privateKey, certificateContext(id)),
        thumbprint,
        expiresAt,
      })
      .execute();
    await recordEvent(trx, { actor, name: 'settings.certificate-made', details: { thumbprint } });
    return id;
  });
}

/** Deletes a certificate and its private key for good, unless it is in use. */
export async function deleteCertificate(
  db: Database,
  actor: string,
  id: string,
): Promise<'deleted' | 'in-use' | 'unknown'> {
  return await db.transaction().execute(async (trx) => {
    await sql`lock table settings in share row exclusive mode`.execute(trx);
    const used = await trx.selectFrom('settings').select('id').where('certificateId', '=', id).executeTakeFirst();
    if (used) return 'in-use';
    const deleted = await trx
      .deleteFrom('clientCertificates')
      .where('id', '=', id)
      .returning('thumbprint')
      .executeTakeFirst();
    if (!deleted) return 'unknown';
    await recordEvent(trx, {
      actor,
      name: 'settings.certificate-deleted',
      details: { thumbprint: deleted.thumbprint },
    });
    return 'deleted';
  });
}

/**
 * Notes when the certificate of the files ends, where it is the one in use, so that its end is shown and warned of: the
 * files are replaced without anything being saved.
 */
export async function noteEndOfFile(db: Queryable, certificate: ClientCertificate | undefined): Promise<void> {
  if (!certificate) return;
  const { validTo } = certificateFacts(certificate.certificate);
  await sql`
    update settings set client_secret_expires_at = ${validTo}, warned_days = null
    where credential = 'file' and client_secret_expires_at is distinct from ${validTo}`.execute(db);
}
