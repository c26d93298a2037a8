import { BlockList, isIP } from 'node:net';
import type { MicrosoftCloud } from './variables.ts';

/** Addresses that are unreachable from outside: this machine's own and private ones (RFC 6890). */
const withinOnly = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  withinOnly.addSubnet(network, prefix);
}
for (const [network, prefix] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const) {
  withinOnly.addSubnet(network, prefix, 'ipv6');
}

/**
 * The URL if Microsoft can send notifications to it: Microsoft requires https and a host that is reachable from
 * outside. DNS and firewalls are only tested when Microsoft validates the URL. The simulator is on this machine and
 * accepts http.
 */
export function reachableUrl(url: string, cloud: MicrosoftCloud): string | undefined {
  if (cloud === 'simulator') return url;
  const { protocol, hostname } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host);
  const isOutside =
    family === 0
      ? host.includes('.') && !/\.(localhost|local|internal)$/.test(host)
      : !withinOnly.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return protocol === 'https:' && isOutside ? url : undefined;
}
