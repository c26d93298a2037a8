import type { MicrosoftCloud } from './cloud.ts';

/** Delegated permissions of Graph that Mailroom needs: who signed in, and that mailbox's mail. */
export const graphPermissions = ['User.Read', 'Mail.Read'] as const;

/** `offline_access` is what makes Entra give a refresh token; MSAL adds all three by itself when it is not told. */
export const openIdScopes = ['openid', 'profile', 'offline_access'] as const;

/**
 * The scopes of Graph in full-URI form. Always ask in one form: MSAL compares the strings, and the other form would
 * miss the cached access token on every use.
 */
export function graphScopes(cloud: MicrosoftCloud): string[] {
  return graphPermissions.map((permission) => `${cloud.scopeBase}/${permission}`);
}
