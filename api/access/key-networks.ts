import ipaddr from 'ipaddr.js';

/** An address or a network in its usual notation; undefined: it is neither. */
export function parseNetwork(text: string): string | undefined {
  const [address = '', bits, ...rest] = text.trim().split('/');
  if (rest.length > 0 || !ipaddr.IPv4.isValidFourPartDecimal(address) === !ipaddr.IPv6.isValid(address)) {
    return undefined;
  }
  const parsed = ipaddr.parse(address);
  const longest = parsed.kind() === 'ipv4' ? 32 : 128;
  const length = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (!(length <= longest)) return undefined;
  // 0.0.0.0/0 is no limit: leave it out instead.
  if (length === 0) return undefined;
  return `${parsed.toString()}/${length}`;
}

/** Whether an address is in one of the networks. An IPv4 address in the form of IPv6 is the IPv4 address. */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  const plain = address.replace(/%.*$/, '');
  if (!ipaddr.isValid(plain)) return false;
  const parsed = ipaddr.process(plain);
  return networks.some((network) => {
    const [range, length] = ipaddr.parseCIDR(network);
    return parsed.kind() === range.kind() && parsed.match(range, length);
  });
}
