import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { SecurityProfile } from '../../domain/security-profile.ts';
import { DecryptionError, type KeyRing } from '../../encryption/key-ring.ts';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import type { Schema } from '../schema.ts';
import { teamQueueIds } from './reach.ts';
import { findSessionLimits } from './session-limits.ts';

/** Resolution of a session's last use; a write for each request would cost too much. */
const SEEN_EVERY_SECONDS = 60;

/** The user of a valid session. */
export interface SessionUser {
  readonly userId: string;
  readonly email: string;
  readonly displayName: string;
  readonly profile: SecurityProfile;
  /** The queues of their teams; null: all. */
  readonly queueIds: readonly string[] | null;
  readonly readsMail: boolean;
  /** False: changes that ask for a recent sign-in are refused. */
  readonly isRecent: boolean;
}

export interface NewSession {
  /** The SHA-256 of the cookie. */
  readonly idHash: Buffer;
  readonly userId: string;
  /** The id token, kept for signing out at the provider. */
  readonly providerSession: string | undefined;
  /** The provider's name for its session, if it has one. */
  readonly providerSid?: string | undefined;
  readonly browser?: string | undefined;
  readonly system?: string | undefined;
  readonly address?: string | undefined;
  /** When the person proved to the provider who they are, as far as it says so, and how. */
  readonly authenticatedAt?: Date | undefined;
  readonly acr?: string | undefined;
}

/** Stores a session. Returns after how many seconds it can no longer be valid: browsers drop the cookie then. */
export async function addSession(db: Queryable, keys: KeyRing, session: NewSession): Promise<number> {
  const { idHash, userId, providerSession, providerSid, browser, system, address, authenticatedAt, acr } = session;
  const { absoluteMinutes } = await findSessionLimits(db);
  await db
    .insertInto('sessions')
    .values({
      idHash,
      userId,
      providerSid: providerSid ?? null,
      browser: browser ?? null,
      system: system ?? null,
      address: address ?? null,
      authenticatedAt: authenticatedAt ?? null,
      acr: acr ?? null,
      expiresAt: sql<Date>`now() + ${absoluteMinutes} * interval '1 minute'`,
      providerSession:
        providerSession === undefined ? null : keys.encrypt(providerSession, providerSessionContext(idHash)),
    })
    .execute();
  await db.deleteFrom('sessions').where('expiresAt', '<', sql<Date>`now()`).execute();
  return absoluteMinutes * 60;
}

/**
 * By the limits as they are now: shorter ones end sessions at once, longer ones count from the next sign-in. For queries
 * of `sessions` joined with `session_limits`.
 */
export const isValidSession = sql<boolean>`sessions.expires_at > now()
  and sessions.created_at > now() - absolute_minutes * interval '1 minute'
  and sessions.last_seen_at > now() - idle_minutes * interval '1 minute'`;

export const providerSessionContext = (idHash: Buffer) => `sessions.provider_session|${idHash.toString('hex')}`;

/** True for a row of `sessions` whose person proved within these minutes, in this way, who they are. */
function isRecent(minutes: RawBuilder<unknown>, acr: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql<boolean>`coalesce(
    sessions.authenticated_at > now() - ${minutes}::integer * interval '1 minute'
      and (${acr}::text is null or sessions.acr = ${acr}::text), false)`;
}

/** Whether the person of a session proved within these minutes, in this way, who they are. */
export async function isRecentSession(
  db: Queryable,
  idHash: Buffer,
  { minutes, acr }: { readonly minutes: number; readonly acr: string | null },
): Promise<boolean> {
  const row = await db
    .selectFrom('sessions')
    .select(isRecent(sql`${minutes}`, sql`${acr}`).as('isRecent'))
    .where('idHash', '=', idHash)
    .executeTakeFirst();
  return row?.isRecent ?? false;
}

/**
 * The user of a session that is neither idle for too long nor too old, if the user is still enabled. Read with every
 * request, so that disabling a user takes effect at once. `isUse`: the person does something, which keeps the session
 * from becoming idle.
 */
export async function findSessionUser(
  db: Queryable,
  idHash: Buffer,
  { isUse = true } = {},
): Promise<SessionUser | undefined> {
  const row = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .innerJoin('sessionLimits', (join) => join.onTrue())
    .innerJoin('signOnSettings', (join) => join.onTrue())
    .where('idHash', '=', idHash)
    .where(isValidSession)
    .where('users.enabled', '=', true)
    .select([
      'userId',
      'email',
      'displayName',
      'profile',
      'readsMail',
      teamQueueIds.as('queueIds'),
      sql<boolean>`step_up_minutes is null or ${isRecent(sql`step_up_minutes`, sql`step_up_acr`)}`.as('isRecent'),
      sql<boolean>`last_seen_at < now() - ${SEEN_EVERY_SECONDS} * interval '1 second'`.as('stale'),
    ])
    .executeTakeFirst();
  if (!row) return undefined;
  const { stale, ...user } = row;
  if (stale && isUse) {
    await db.updateTable('sessions').set({ lastSeenAt: sql`now()` }).where('idHash', '=', idHash).execute();
  }
  return user;
}

/**
 * Ends a session. Returns the id token for signing out at the provider, if it can be read: a lost key must not keep
 * users from signing out, or in again.
 */
export async function endSession(db: Database, keys: KeyRing, idHash: Buffer): Promise<string | undefined> {
  const providerSession = await db.transaction().execute((trx) => endSessionIn(trx, idHash));
  if (providerSession === null) return undefined;
  try {
    return keys.decrypt(providerSession, providerSessionContext(idHash));
  } catch (error) {
    if (error instanceof DecryptionError) return undefined;
    throw error;
  }
}

/** Ends a session within a transaction. Returns the id token as it is stored. */
export async function endSessionIn(trx: Transaction<Schema>, idHash: Buffer): Promise<string | null> {
  const ended = await trx
    .deleteFrom('sessions')
    .where('idHash', '=', idHash)
    .returning(['userId', 'providerSession'])
    .executeTakeFirst();
  if (!ended) return null;
  const { userId, providerSession } = ended;
  await recordEvent(trx, { actor: `user:${userId}`, name: 'user.signed-out', targetId: userId });
  return providerSession;
}

/** Until the browser has the cookie of the session that replaces this one, its open pages go on asking by this one. */
const REPLACED_LASTS_SECONDS = 30;

/** Lets a session end that another one replaces in the same browser, while pages with entries are open. */
export async function letSessionEnd(trx: Transaction<Schema>, idHash: Buffer): Promise<void> {
  await trx
    .updateTable('sessions')
    .set({ expiresAt: sql<Date>`least(expires_at, now() + ${REPLACED_LASTS_SECONDS} * interval '1 second')` })
    .where('idHash', '=', idHash)
    .execute();
}
