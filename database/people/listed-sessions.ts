import { sql } from 'kysely';
import { recordEvent } from '../accounts/events.ts';
import type { Database, Queryable } from '../database.ts';
import { isValidSession } from './sessions.ts';

export interface ListedSession {
  readonly id: string;
  readonly isCurrent: boolean;
  /** Null: of a browser that does not say, or from before it was noted. */
  readonly browser: string | null;
  readonly system: string | null;
  /** From where the person signed in. */
  readonly address: string | null;
  readonly signedInAt: Date;
  /** To the minute. */
  readonly lastUsedAt: Date;
}

/** A person's valid sessions, the one that was used last first. `current`: the hash of the cookie of who asks. */
export async function listSessions(
  db: Queryable,
  userId: string,
  current: Buffer | undefined,
): Promise<readonly ListedSession[]> {
  return await db
    .selectFrom('sessions')
    .innerJoin('sessionLimits', (join) => join.onTrue())
    .where('userId', '=', userId)
    .where(isValidSession)
    .select([
      'sessions.id',
      sql<boolean>`id_hash = ${current ?? Buffer.alloc(0)}`.as('isCurrent'),
      'browser',
      'system',
      'address',
      'createdAt as signedInAt',
      'lastSeenAt as lastUsedAt',
    ])
    .orderBy('lastSeenAt', 'desc')
    .orderBy('sessions.id', 'desc')
    .execute();
}

/** Ends one session of a person. False: there is no such session of that person. */
export async function endListedSession(
  db: Database,
  actor: string,
  { userId, id }: { readonly userId: string; readonly id: string },
): Promise<boolean> {
  return await db.transaction().execute(async (trx) => {
    const { numDeletedRows } = await trx
      .deleteFrom('sessions')
      .where('userId', '=', userId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (numDeletedRows === 0n) return false;
    await recordEvent(trx, { actor, name: 'user.sessions-ended', targetId: userId, details: { sessions: 1 } });
    return true;
  });
}

/**
 * Ends all sessions of a person but the kept one, and sign-ins that are under way. Returns how many sessions ended. Holds
 * the user's row, as `admitUser` does.
 */
export async function endSessionsOf(
  db: Database,
  actor: string,
  { userId, kept }: { readonly userId: string; readonly kept?: Buffer | undefined },
): Promise<number> {
  return await db.transaction().execute(async (trx) => {
    await trx
      .updateTable('users')
      .set({ signedOutAt: sql<Date>`clock_timestamp()` })
      .where('id', '=', userId)
      .execute();
    const { numDeletedRows } = await trx
      .deleteFrom('sessions')
      .where('userId', '=', userId)
      .$if(kept !== undefined, (query) => query.where('idHash', '!=', kept as Buffer))
      .executeTakeFirst();
    const sessions = Number(numDeletedRows);
    if (sessions > 0) {
      await recordEvent(trx, { actor, name: 'user.sessions-ended', targetId: userId, details: { sessions } });
    }
    return sessions;
  });
}
