import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Ranges that lead on to other addresses, which a gateway of this network may translate into private ones. */
const translated = ['::/96', '64:ff9b::/96', '64:ff9b:1::/48', '2001::/32', '2002::/16', '5f00::/16', 'fec0::/10'].map(
  (range) => ipaddr.parseCIDR(range),
);

/** Unicast as the registries see it, and not of the internet. */
const reserved = ['168.63.129.16/32', '192.0.0.0/24', '192.88.99.0/24', '198.18.0.0/15'].map((range) =>
  ipaddr.parseCIDR(range),
);

/**
 * Whether an IP address is one of the internet: not of this machine, this network, a cloud's metadata, documentation or
 * a group, in any of the forms in which IPv6 holds IPv4. Anything that is not understood is none.
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0 || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast') return false;
  return ![...translated, ...reserved].some(
    ([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits),
  );
}
