import type { DatabaseSync } from 'node:sqlite';

/** Lifetimes of what Entra issues. Changed through the control API, for tests of expiry. */
export interface TokenSettings {
  /** Real access tokens live 60 to 90 minutes; MSAL renews those with less than 300 s left. */
  readonly accessTokenLifetimeSeconds: number;
  /** 90 days, rolling: each use gives a token with a full life. */
  readonly refreshTokenLifetimeSeconds: number;
  /** How long a refresh token works after it was replaced; null: until it expires, as with Microsoft. */
  readonly supersededRefreshTokenLifetimeSeconds: number | null;
  readonly codeLifetimeSeconds: number;
}

export const DEFAULT_TOKEN_SETTINGS: TokenSettings = {
  accessTokenLifetimeSeconds: 3_599,
  refreshTokenLifetimeSeconds: 90 * 24 * 3_600,
  supersededRefreshTokenLifetimeSeconds: null,
  codeLifetimeSeconds: 600,
};

/** Reads the current settings; unset ones have Microsoft's values. */
export function readTokenSettings(database: DatabaseSync): TokenSettings {
  const row = database.prepare(`SELECT value FROM entra_settings WHERE name = 'tokens'`).get();
  return row ? { ...DEFAULT_TOKEN_SETTINGS, ...JSON.parse(String(row.value)) } : DEFAULT_TOKEN_SETTINGS;
}

export function writeTokenSettings(database: DatabaseSync, settings: TokenSettings): void {
  database
    .prepare(
      `INSERT INTO entra_settings (name, value) VALUES ('tokens', ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
    .run(JSON.stringify(settings));
}
