import type { MailboxKind } from '../../domain/mailbox-kind.ts';
import type { MicrosoftCloud } from '../cloud.ts';

/**
 * Delegated permissions of Graph: the signed-in person, and the mail. `Mail.Read.Shared` includes what `Mail.Read`
 * allows and replaces it where it is needed (learn.microsoft.com/graph/permissions-reference#mailreadshared). Neither
 * allows sending: an account that may send asks for more, and reads with the same tokens as before without it.
 */
const permissions = {
  own: ['User.Read', 'Mail.Read'],
  shared: ['User.Read', 'Mail.Read.Shared'],
} as const satisfies Record<MailboxKind, readonly string[]>;

/** For drafts and sending, beside those for reading. */
const sendingPermissions = {
  own: ['Mail.ReadWrite', 'Mail.Send'],
  shared: ['Mail.ReadWrite.Shared', 'Mail.Send.Shared'],
} as const satisfies Record<MailboxKind, readonly string[]>;

/** What a token is for. */
export type TokenPurpose = 'reading' | 'sending';

/** Entra issues a refresh token only with `offline_access`; MSAL adds all three when they are not set. */
export const openIdScopes = ['openid', 'profile', 'offline_access'] as const;

/** Permissions for a mailbox, by Graph's names; those for sending include reading. */
export function graphPermissions(kind: MailboxKind, purpose: TokenPurpose = 'reading'): readonly string[] {
  return purpose === 'reading' ? permissions[kind] : [...permissions[kind], ...sendingPermissions[kind]];
}

/**
 * The scopes of Graph in full-URI form. Always use one form: MSAL compares the strings, and the other form would miss
 * the cached access token on every use.
 */
export function graphScopes(cloud: MicrosoftCloud, kind: MailboxKind, purpose: TokenPurpose = 'reading'): string[] {
  return fullScopes(cloud, graphPermissions(kind, purpose));
}

/** All scopes that any account may request: an administrator approves them once, for all users. */
export function allGraphScopes(cloud: MicrosoftCloud, purpose: TokenPurpose = 'reading'): string[] {
  return fullScopes(cloud, new Set([...graphPermissions('own', purpose), ...graphPermissions('shared', purpose)]));
}

function fullScopes(cloud: MicrosoftCloud, names: Iterable<string>): string[] {
  return Array.from(names, (name) => `${cloud.scopeBase}/${name}`);
}
