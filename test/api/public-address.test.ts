import { expect, it } from 'vitest';
import { isPublicAddress } from '../../api/images/public-address.ts';

it.each(['9.9.9.9', '100.63.255.255', '192.0.1.1', '198.17.255.255', '198.20.0.1', '2600::1', '::ffff:9.9.9.9'])(
  '%s is an address of the internet',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

it.each([
  ['this machine', ['127.0.0.1', '0.0.0.0', '::1', '::', '::ffff:127.0.0.1', '::7f00:1']],
  ['this network', ['10.1.2.3', '172.16.0.1', '192.168.1.1', '169.254.1.1', 'fe80::1', 'fd00::1', 'fec0::1']],
  ["a provider's network", ['100.64.0.1', '100.127.255.254']],
  ['the metadata of a cloud', ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254']],
  ['documentation and measurements', ['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '2001:db8::1']],
  ['protocols', ['192.0.0.8', '192.88.99.1', '224.0.0.1', '255.255.255.255', '240.0.0.1', 'ff02::1']],
  ['IPv4 inside IPv6', ['64:ff9b::a00:1', '64:ff9b:1::1', '2002:a00:1::', '2001:0:1::1', '5f00::1']],
  ['no address', ['', 'localhost', '127.1', '0x7f000001', '2130706433', '9.9.9.9 ', 'fe80::1%eth0', '9.9.9.9/8']],
])('%s is none', (_what, addresses) => {
  expect(addresses.filter(isPublicAddress)).toEqual([]);
});
