import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { DirectoryAccount, EntraDirectory } from './entra-directory.ts';
import { hashToken } from './opaque-token.ts';

const SESSION_LIFETIME_SECONDS = 90 * 24 * 3_600;

/** A signed-in account of a browser. */
export interface SessionAccount {
  readonly user: DirectoryAccount;
  readonly sessionId: string;
  /** Whether a second factor was used. */
  readonly mfa: boolean;
  /** When the password was entered, in milliseconds since 1970. */
  readonly authenticatedAt: number;
}

export interface Sessions {
  /** The accounts of a cookie, most recently used first; without those revoked, disabled or expired since. */
  accounts(cookie: string | undefined): SessionAccount[];
  /** Adds an account to the browser's session, or creates the session. Returns the cookie to set. */
  signIn(cookie: string | undefined, user: DirectoryAccount, mfa: boolean): { cookie: string; account: SessionAccount };
  /** Moves a signed-in account to the front. */
  use(cookie: string, oid: string): void;
  /** Signs all accounts of the browser out. */
  signOut(cookie: string): void;
}

/** The single sign-on sessions of browsers. A browser may hold several accounts, as with Microsoft. */
export function createSessions(database: DatabaseSync, directory: EntraDirectory): Sessions {
  database.prepare('DELETE FROM entra_session_accounts WHERE expires_at < ?').run(Date.now());

  return {
    accounts(cookie) {
      if (cookie === undefined) return [];
      const rows = database
        .prepare(
          `SELECT oid, session_id, mfa, authenticated_at FROM entra_session_accounts
           WHERE session_hash = ? AND expires_at > ? ORDER BY used_at DESC, rowid DESC`,
        )
        .all(hashToken(cookie), Date.now());
      return rows.flatMap((row) => {
        const user = directory.findUser(String(row.oid));
        if (!user?.enabled) return [];
        return [
          {
            user,
            sessionId: String(row.session_id),
            mfa: row.mfa === 1,
            authenticatedAt: Number(row.authenticated_at),
          },
        ];
      });
    },

    signIn(known, user, mfa) {
      const cookie =
        known !== undefined && this.accounts(known).length > 0 ? known : randomBytes(32).toString('base64url');
      const now = Date.now();
      const account: SessionAccount = { user, sessionId: randomUUID(), mfa, authenticatedAt: now };
      database
        .prepare(
          `INSERT OR REPLACE INTO entra_session_accounts
             (session_hash, oid, session_id, used_at, mfa, expires_at, authenticated_at)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          hashToken(cookie),
          user.oid,
          account.sessionId,
          now,
          Number(mfa),
          now + SESSION_LIFETIME_SECONDS * 1000,
          now,
        );
      return { cookie, account };
    },

    use(cookie, oid) {
      database
        .prepare(
          `UPDATE entra_session_accounts SET used_at = 1 + (
             SELECT max(used_at) FROM entra_session_accounts WHERE session_hash = ?1
           ) WHERE session_hash = ?1 AND oid = ?2`,
        )
        .run(hashToken(cookie), oid);
    },

    signOut(cookie) {
      database.prepare('DELETE FROM entra_session_accounts WHERE session_hash = ?').run(hashToken(cookie));
    },
  };
}
