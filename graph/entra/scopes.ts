import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MicrosoftCloud } from '../cloud.ts';

/**
 * Delegated permissions of Graph: the signed-in person, and the mail. `Mail.Read.Shared` includes what `Mail.Read`
 * allows and replaces it where it is needed (learn.microsoft.com/graph/permissions-reference#mailreadshared). Neither
 * allows sending.
 */
const permissions = {
  own: ['User.Read', 'Mail.Read'],
  shared: ['User.Read', 'Mail.Read.Shared'],
} as const satisfies Record<MailboxKind, readonly string[]>;

/** Entra issues a refresh token only with `offline_access`; MSAL adds all three when they are not set. */
export const openIdScopes = ['openid', 'profile', 'offline_access'] as const;

/** Permissions for reading a mailbox, by Graph's names. */
export function graphPermissions(kind: MailboxKind): readonly string[] {
  return permissions[kind];
}

/**
 * The scopes of Graph in full-URI form. Always use one form: MSAL compares the strings, and the other form would miss
 * the cached access token on every use.
 */
export function graphScopes(cloud: MicrosoftCloud, kind: MailboxKind): string[] {
  return fullScopes(cloud, permissions[kind]);
}

/** All scopes that any account may request: an administrator approves them once, for all users. */
export function allGraphScopes(cloud: MicrosoftCloud): string[] {
  return fullScopes(cloud, new Set([...permissions.own, ...permissions.shared]));
}

function fullScopes(cloud: MicrosoftCloud, names: Iterable<string>): string[] {
  return Array.from(names, (name) => `${cloud.scopeBase}/${name}`);
}
