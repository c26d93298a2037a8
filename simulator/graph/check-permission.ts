import type { AccessTokenClaims } from '../entra/contract.ts';
import { accessDenied } from './graph-error.ts';

/** The access that a route needs: to basic properties, to all of them, to change them, to send, or to the mailbox's settings. */
export type MailPermission = 'basic' | 'read' | 'write' | 'send' | 'readSettings' | 'writeSettings';

const SCOPES: Readonly<Record<MailPermission, readonly string[]>> = {
  basic: ['Mail.ReadBasic', 'Mail.Read', 'Mail.ReadWrite'],
  read: ['Mail.Read', 'Mail.ReadWrite'],
  write: ['Mail.ReadWrite'],
  send: ['Mail.Send'],
  readSettings: ['MailboxSettings.Read', 'MailboxSettings.ReadWrite'],
  writeSettings: ['MailboxSettings.ReadWrite'],
};

/**
 * Checks a token's permission for mail; throws 403 ErrorAccessDenied. Returns whether only basic properties may be
 * shown. Another user's mailbox needs the `.Shared` form of a delegated scope; application permissions of the token reach
 * every mailbox of the tenant, and Exchange's roles (`holdsRole`) add those of their scope.
 */
export function checkMailPermission(
  claims: AccessTokenClaims,
  permission: MailPermission,
  isOwnMailbox: boolean,
  holdsRole: (permission: string) => boolean,
): { isBasic: boolean } {
  const granted = new Set(claims.roles ?? claims.scopes);
  const holds = (name: string): boolean => {
    if (claims.roles) return granted.has(name) || granted.has(`${name}.All`) || holdsRole(name);
    return (isOwnMailbox && granted.has(name)) || granted.has(`${name}.Shared`);
  };
  if (!SCOPES[permission].some(holds)) throw accessDenied();
  return { isBasic: !SCOPES.read.some(holds) };
}
