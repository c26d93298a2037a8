import { getDomain } from 'tldts';

/**
 * Whether one owner registered both hosts, by the Public Suffix List: `login.bank.example` and `www.bank.example`, not
 * `one.github.io` and `other.github.io`. Its list is large, so this file is loaded only when two hosts differ.
 */
export function haveSameOwner(one: string, other: string): boolean {
  const domain = getDomain(one, { allowPrivateDomains: true });
  return domain !== null && domain === getDomain(other, { allowPrivateDomains: true });
}
