/**
 * What mailboxes may be connected: addresses, domains (`contoso.example`), and domains with all below them
 * (`*.contoso.example`, which is not `contoso.example` itself). Each in lower case, domains as on the wire (punycode).
 */
export type AllowedAddresses = readonly string[];

/** Of a list that people can read. */
export const MOST_ALLOWED = 200;

/** An entry in the form in which it is compared; undefined: it is neither an address nor a domain. */
export function parseAllowed(text: string): string | undefined {
  const entry = text.trim();
  const at = entry.lastIndexOf('@');
  if (at === 0) return parseAllowed(entry.slice(1));
  if (at > 0) return splitAddress(entry)?.join('@');
  if (entry.startsWith('*.')) {
    const parent = wireDomain(entry.slice(2));
    return parent && `*.${parent}`;
  }
  return wireDomain(entry);
}

/** Whether an address may be connected. An empty list allows all; an address that cannot be read is not allowed. */
export function isAllowed(address: string, allowed: AllowedAddresses): boolean {
  if (allowed.length === 0) return true;
  const [local, domain] = splitAddress(address) ?? [];
  if (local === undefined || domain === undefined) return false;
  return allowed.some((entry) => {
    if (entry.includes('@')) return entry === `${local}@${domain}`;
    return entry.startsWith('*.') ? domain.endsWith(entry.slice(1)) : entry === domain;
  });
}

/**
 * Local part and domain as they are compared. `+tag` belongs to the local part: it is another address, and Exchange may
 * deliver it to another mailbox. Exchange compares local parts without case.
 */
function splitAddress(address: string): readonly [local: string, domain: string] | undefined {
  const text = address.trim();
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at).normalize('NFC').toLowerCase();
  const domain = wireDomain(text.slice(at + 1));
  return at < 1 || domain === undefined || /[\s@]/.test(local) ? undefined : [local, domain];
}

const name = /^(?=.{4,253}$)([\da-z]([\da-z-]{0,61}[\da-z])?\.)+[a-z][\da-z-]{0,61}[\da-z]$/;

/** A domain as on the wire: lower case, punycode, without the dot of the root. Undefined: it is none. */
function wireDomain(text: string): string | undefined {
  const bare = text.replace(/\.$/, '');
  // The parser of addresses also takes ports, paths and escapes, which are no part of a domain.
  if (bare === '' || /[\s/\\?#@:%[\]*]/.test(bare)) return undefined;
  const url = `http://${bare}/`;
  if (!URL.canParse(url)) return undefined;
  const { hostname } = new URL(url);
  return name.test(hostname) ? hostname : undefined;
}
