import { sql } from 'kysely';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { teamQueueIds } from './reach.ts';

/** A working day: a user who was away for lunch need not sign in again, one who left yesterday must. */
const IDLE_TIMEOUT_HOURS = 8;
/** Every user signs in again once a day, however active they are. */
const ABSOLUTE_TIMEOUT_HOURS = 24;
/** Resolution of a session's last use; a write for each request would cost too much. */
const SEEN_EVERY_SECONDS = 60;

/** Browsers drop the cookie when the session can no longer be valid. */
export const SESSION_MAX_AGE_SECONDS = ABSOLUTE_TIMEOUT_HOURS * 3_600;

/** The user of a valid session. */
export interface SessionUser {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly profile: SecurityProfile;
  /** The queues of their teams; null: all. */
  readonly queueIds: readonly string[] | null;
  readonly readsMail: boolean;
}

/** `providerSession`: the id token, kept for signing out at the provider. `idHash`: the SHA-256 of the cookie. */
export async function addSession(
  db: Queryable,
  keys: KeyRing,
  session: { readonly idHash: Buffer; readonly userId: string; readonly providerSession: string | undefined },
): Promise<void> {
  const { idHash, userId, providerSession } = session;
  await db
    .insertInto('sessions')
    .values({
      idHash,
      userId,
      expiresAt: sql<Date>`now() + ${ABSOLUTE_TIMEOUT_HOURS} * interval '1 hour'`,
      providerSession:
        providerSession === undefined ? null : keys.encrypt(providerSession, providerSessionContext(idHash)),
    })
    .execute();
  await db.deleteFrom('sessions').where('expiresAt', '<', sql<Date>`now()`).execute();
}

export const providerSessionContext = (idHash: Buffer) => `sessions.provider_session|${idHash.toString('hex')}`;

/**
 * The user of a session that is neither idle for too long nor too old, if the user is still enabled. Read with every
 * request, so that disabling a user takes effect at once.
 */
export async function findSessionUser(db: Queryable, idHash: Buffer): Promise<SessionUser | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .where('idHash', '=', idHash)
    .where('expiresAt', '>', sql<Date>`now()`)
    .where('lastSeenAt', '>', sql<Date>`now() - ${IDLE_TIMEOUT_HOURS} * interval '1 hour'`)
    .where('users.enabled', '=', true)
    .select([
      'userId',
      'email',
      'displayName',
      'profile',
      'readsMail',
      teamQueueIds.as('queueIds'),
      sql<boolean>`last_seen_at < now() - ${SEEN_EVERY_SECONDS} * interval '1 second'`.as('stale'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { stale, ...user } = row;
  if (stale) {
    await db.updateTable('sessions').set({ lastSeenAt: sql`now()` }).where('idHash', '=', idHash).execute();
  }
  return user;
}

/**
 * Ends a session. Returns the id token for signing out at the provider, if it can be read: a lost key must not keep
 * users from signing out, or in again.
 */
export async function endSession(db: Database, keys: KeyRing, idHash: Buffer): Promise<string | undefined> {
  return await db.transaction().execute(async (trx) => {
    const ended = await trx
      .deleteFrom('sessions')
      .where('idHash', '=', idHash)
      .returning(['userId', 'providerSession'])
      .executeTakeFirst();
    if (!ended) return undefined;
    const { userId, providerSession } = ended;
    await recordEvent(trx, { actor: `user:${userId}`, name: 'user.signed-out', targetId: userId });
    if (providerSession === null) return undefined;
    try {
      return keys.decrypt(providerSession, providerSessionContext(idHash));
    } catch (error) {
      if (error instanceof DecryptionError) return undefined;
      throw error;
    }
  });
}
