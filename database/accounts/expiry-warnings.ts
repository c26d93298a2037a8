import { sql } from 'kysely';
import { EXPIRY_WARNINGS_DAYS } from '../../domain/expiry.ts';
import type { Database } from '../database.ts';
import { recordEvent } from './events.ts';

/** Something that ends soon. */
export interface ExpiryWarning {
  readonly what: 'client-secret' | 'client-certificate' | 'api-key';
  /** Of an API key. */
  readonly id: string | undefined;
  /** Of the warning: at most so many are left. */
  readonly days: number;
  readonly expiresAt: Date;
}

/** The warning that is due: the smallest of its days that has come. */
const dueDays = (endsAt: string) => sql<number>`(
  select min(days) from unnest(${[...EXPIRY_WARNINGS_DAYS]}::integer[]) as days
  where ${sql.ref(endsAt)} - now() <= days * interval '1 day'
)`;

/**
 * Warns of the client secret or certificate and of API keys that end in 30, 14, 7 and 1 days, of each once for all processes: as events, and
 * as what is returned.
 */
export async function takeExpiryWarnings(db: Database): Promise<readonly ExpiryWarning[]> {
  return await db.transaction().execute(async (trx) => {
    const { rows: secrets } = await sql<{ credential: string; days: number; expiresAt: Date }>`
      update settings set warned_days = ${dueDays('client_secret_expires_at')}
      where ${dueDays('client_secret_expires_at')} < coalesce(warned_days, ${Number.MAX_SAFE_INTEGER}::bigint)
      returning credential, warned_days as days, client_secret_expires_at as expires_at`.execute(trx);
    const { rows: keys } = await sql<{ id: string; days: number; expiresAt: Date }>`
      update api_keys set warned_days = ${dueDays('expires_at')}
      where revoked_at is null and expires_at > now()
        and ${dueDays('expires_at')} < coalesce(warned_days, ${Number.MAX_SAFE_INTEGER}::bigint)
      returning id, warned_days as days, expires_at`.execute(trx);
    for (const { credential, days } of secrets) {
      const name = credential === 'secret' ? 'settings.secret-expires' : 'settings.certificate-expires';
      await recordEvent(trx, { actor: 'mailroom', name, details: { days } });
    }
    for (const { id, days } of keys) {
      await recordEvent(trx, { actor: 'mailroom', name: 'api-key.expires', targetId: id, details: { days } });
    }
    return [
      ...secrets.map(({ credential, ...end }) => {
        return {
          what: credential === 'secret' ? 'client-secret' : 'client-certificate',
          id: undefined,
          ...end,
        } as const;
      }),
      ...keys.map((key) => ({ what: 'api-key' as const, ...key })),
    ];
  });
}
