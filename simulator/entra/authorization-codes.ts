import type { DatabaseSync } from 'node:sqlite';
import { EntraError } from './entra-error.ts';
import { createOpaqueToken, hashToken, looksLikeOpaqueToken } from './opaque-token.ts';
import { readTokenSettings } from './token-settings.ts';

/** The content of an authorization code. */
export interface AuthorizationGrant {
  readonly clientId: string;
  readonly tenantId: string;
  readonly oid: string;
  readonly redirectUri: string;
  /** As the client wrote them. */
  readonly scope: string;
  readonly nonce?: string | undefined;
  readonly codeChallenge?: string | undefined;
  readonly codeChallengeMethod?: string | undefined;
  readonly claims?: string | undefined;
  readonly sessionId: string;
  readonly mfa: boolean;
  readonly authenticatedAt?: number;
  readonly generation: number;
}

export interface AuthorizationCodes {
  issue(grant: AuthorizationGrant): string;
  /** Reads a code without redeeming it. Throws AADSTS9002313, 70000, 54005 or 70008. */
  read(code: string): AuthorizationGrant;
  /** Redeems the code. Throws AADSTS54005 if another request was faster. */
  redeem(code: string): void;
}

/** Codes live ten minutes and can be redeemed once. */
export function createAuthorizationCodes(database: DatabaseSync): AuthorizationCodes {
  // A redeemed code is kept until it expires, to answer "already redeemed" instead of "unknown".
  database.prepare('DELETE FROM entra_authorization_codes WHERE expires_at < ?').run(Date.now() - 24 * 3_600_000);

  return {
    issue(grant) {
      const code = createOpaqueToken(600);
      const expiresAt = Date.now() + readTokenSettings(database).codeLifetimeSeconds * 1000;
      database
        .prepare('INSERT INTO entra_authorization_codes (code_hash, content, expires_at) VALUES (?, ?, ?)')
        .run(hashToken(code), JSON.stringify(grant), expiresAt);
      return code;
    },

    read(code) {
      if (!looksLikeOpaqueToken(code)) throw new EntraError(9002313);
      const row = database
        .prepare('SELECT content, expires_at, redeemed_at FROM entra_authorization_codes WHERE code_hash = ?')
        .get(hashToken(code));
      if (!row) throw new EntraError(70000);
      if (row.redeemed_at !== null) throw new EntraError(54005);
      if (Number(row.expires_at) <= Date.now()) throw new EntraError(70008);
      return JSON.parse(String(row.content)) as AuthorizationGrant;
    },

    redeem(code) {
      const { changes } = database
        .prepare('UPDATE entra_authorization_codes SET redeemed_at = ? WHERE code_hash = ? AND redeemed_at IS NULL')
        .run(Date.now(), hashToken(code));
      if (changes === 0) throw new EntraError(54005);
    },
  };
}
