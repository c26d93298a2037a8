import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MicrosoftCloud } from '../cloud.ts';

/**
 * Delegated permissions of Graph: who signed in, and the mail. `Mail.Read.Shared` allows what `Mail.Read` does, too, and
 * takes its place where it is needed (learn.microsoft.com/graph/permissions-reference#mailreadshared). Neither sends.
 */
const permissions = {
  own: ['User.Read', 'Mail.Read'],
  shared: ['User.Read', 'Mail.Read.Shared'],
} as const satisfies Record<MailboxKind, readonly string[]>;

/** `offline_access` is what makes Entra give a refresh token; MSAL adds all three by itself when it is not told. */
export const openIdScopes = ['openid', 'profile', 'offline_access'] as const;

/** What reading a mailbox takes, as Graph names it. */
export function graphPermissions(kind: MailboxKind): readonly string[] {
  return permissions[kind];
}

/**
 * The scopes of Graph in full-URI form. Always ask in one form: MSAL compares the strings, and the other form would
 * miss the cached access token on every use.
 */
export function graphScopes(cloud: MicrosoftCloud, kind: MailboxKind): string[] {
  return fullScopes(cloud, permissions[kind]);
}

/** All that any account may ask for: what an administrator approves once, for everybody. */
export function allGraphScopes(cloud: MicrosoftCloud): string[] {
  return fullScopes(cloud, new Set([...permissions.own, ...permissions.shared]));
}

function fullScopes(cloud: MicrosoftCloud, names: Iterable<string>): string[] {
  return Array.from(names, (name) => `${cloud.scopeBase}/${name}`);
}
