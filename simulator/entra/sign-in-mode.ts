import type { DatabaseSync } from 'node:sqlite';

/** How authorize answers: with its pages, or automatically in place of a person. */
export type SignInMode =
  | { readonly mode: 'interactive' }
  /** Signs in and consents automatically; without `as`, the login_hint or the browser's session determines the user. */
  | { readonly mode: 'auto'; readonly as?: string | undefined }
  /** Presses Cancel on the consent page. */
  | { readonly mode: 'deny' }
  /** Sees "Need admin approval" and returns to the application. */
  | { readonly mode: 'admin-approval' };

export function readSignInMode(database: DatabaseSync): SignInMode {
  const row = database.prepare(`SELECT value FROM entra_settings WHERE name = 'sign-in'`).get();
  return row ? (JSON.parse(String(row.value)) as SignInMode) : { mode: 'interactive' };
}

export function writeSignInMode(database: DatabaseSync, mode: SignInMode): void {
  database
    .prepare(
      `INSERT INTO entra_settings (name, value) VALUES ('sign-in', ?)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
    )
    .run(JSON.stringify(mode));
}
