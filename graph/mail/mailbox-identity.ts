import { foldAddress } from '../../domain/fold-address.ts';

/** The signed-in person in Graph's directory. */
export interface MailboxIdentity {
  /** Equals the `oid` of the sign-in. */
  readonly objectId: string;
  readonly mail?: string | undefined;
  readonly userPrincipalName: string;
  /** All addresses of the mailbox, in lower case, the primary one first: mail, user principal name, aliases. */
  readonly addresses: readonly string[];
}

export const mailboxIdentityProperties = ['id', 'mail', 'userPrincipalName', 'proxyAddresses'] as const;

/** Reads `/me`; undefined when it is not a user. Never throws. */
export function parseMailboxIdentity(json: unknown): MailboxIdentity | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { id, mail, userPrincipalName, proxyAddresses } = json as Record<string, unknown>;
  if (typeof id !== 'string' || typeof userPrincipalName !== 'string') return undefined;
  const primary = typeof mail === 'string' && mail !== '' ? mail : undefined;
  const addresses = [primary, userPrincipalName, ...aliases(proxyAddresses)];
  return {
    objectId: id,
    mail: primary,
    userPrincipalName,
    addresses: [...new Set(addresses.filter((address) => address !== undefined).map(foldAddress))],
  };
}

/** `SMTP:` marks the primary address, `smtp:` an alias; `x500:`, `sip:` and others are not mail addresses. */
function aliases(proxyAddresses: unknown): string[] {
  if (!Array.isArray(proxyAddresses)) return [];
  return proxyAddresses
    .filter((address): address is string => typeof address === 'string' && /^smtp:.+@/i.test(address))
    .map((address) => address.slice('smtp:'.length));
}
