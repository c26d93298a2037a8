import type { DatabaseSync } from 'node:sqlite';
import { EntraError, entraTimestamp } from './entra-error.ts';
import { createOpaqueToken, hashToken, looksLikeOpaqueToken } from './opaque-token.ts';
import { readTokenSettings } from './token-settings.ts';

/** The content of a refresh token. */
export interface RefreshGrant {
  readonly clientId: string;
  readonly tenantId: string;
  readonly oid: string;
  /** As the client first wrote them; a refresh without `scope` requests them again. */
  readonly scope: string;
  readonly capabilities: readonly string[];
  readonly sessionId: string;
  readonly mfa: boolean;
  readonly generation: number;
}

export interface RefreshTokens {
  issue(grant: RefreshGrant): string;
  /** Throws AADSTS9002313 (not one of our tokens), 70000 (unknown, or superseded under strict rotation) or 700082. */
  read(token: string): RefreshGrant & { readonly issuedAt: number };
  /** Records that this token was replaced. It keeps working unless strict rotation is on. */
  supersede(token: string): void;
}

/** Each use issues a new refresh token with a full life; the older ones keep working, as with Microsoft. */
export function createRefreshTokens(database: DatabaseSync): RefreshTokens {
  database.prepare('DELETE FROM entra_refresh_tokens WHERE expires_at < ?').run(Date.now() - 24 * 3_600_000);
  const insert = database.prepare(
    `INSERT INTO entra_refresh_tokens (token_hash, client_id, oid, content, issued_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const byHash = database.prepare(
    'SELECT content, issued_at, expires_at, superseded_at FROM entra_refresh_tokens WHERE token_hash = ?',
  );
  const supersede = database.prepare(
    'UPDATE entra_refresh_tokens SET superseded_at = ? WHERE token_hash = ? AND superseded_at IS NULL',
  );

  return {
    issue(grant) {
      const token = createOpaqueToken(900);
      const now = Date.now();
      const expiresAt = now + readTokenSettings(database).refreshTokenLifetimeSeconds * 1000;
      insert.run(hashToken(token), grant.clientId, grant.oid, JSON.stringify(grant), now, expiresAt);
      return token;
    },

    read(token) {
      if (!looksLikeOpaqueToken(token)) throw new EntraError(9002313, {}, { suberror: 'bad_token' });
      const row = byHash.get(hashToken(token));
      if (!row) throw new EntraError(70000);
      const now = Date.now();
      const issuedAt = Number(row.issued_at);
      if (Number(row.expires_at) <= now) throw new EntraError(700082, { issued: entraTimestamp(issuedAt) });
      const graceSeconds = readTokenSettings(database).supersededRefreshTokenLifetimeSeconds;
      if (graceSeconds !== null && row.superseded_at !== null) {
        if (Number(row.superseded_at) + graceSeconds * 1000 <= now) throw new EntraError(70000);
      }
      return { ...(JSON.parse(String(row.content)) as RefreshGrant), issuedAt };
    },

    supersede(token) {
      supersede.run(Date.now(), hashToken(token));
    },
  };
}
