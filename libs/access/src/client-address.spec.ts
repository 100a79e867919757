import { expect, it } from 'vitest';
import { clientOf, createProxyTrust } from './client-address.js';

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:207', '192.0.2.7'],
  ['192.0.2.7:4711', '192.0.2.7'],
  ['[2001:db8:1:2:3:4:5:6]:4711', '2001:db8:1:2::/64'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80::/64'],
  ['::1', '::/64'],
  ['not an address', 'not an address'],
  ['x'.repeat(100), 'x'.repeat(64)],
  ['010.0.0.1', '010.0.0.1'],
  ['', ''],
  [undefined, 'unknown'],
])('%s counts as the client %s', (ip, client) => expect(clientOf(ip)).toBe(client));

it('counts the addresses of one IPv6 network as one client, and those of two as two', () => {
  const addresses = Array.from({ length: 1_000 }, (_, i) => `2001:db8:0:1:${i.toString(16)}::${i.toString(16)}`);
  expect(new Set(addresses.map(clientOf)).size).toBe(1);
  expect(clientOf('2001:db8:0:2::1')).not.toBe(clientOf('2001:db8:0:1::1'));
});

it.each([
  [['10.0.0.0/8'], '10.255.0.1', true],
  [['10.0.0.0/8'], '::ffff:10.0.0.1', true],
  [['10.0.0.0/8'], '11.0.0.1', false],
  [['10.0.0.5/8'], '10.9.9.9', true],
  [['0.0.0.0/0'], '198.51.100.1', true],
  [['0.0.0.0/0'], '2001:db8::1', false],
  [['2001:db8::/32', '127.0.0.1/32'], '2001:db8::1', true],
  [['2001:db8::/32', '127.0.0.1/32'], '127.0.0.2', false],
  [['::1/128'], '::1%lo', true],
  [['10.0.0.0/8'], 'proxy', false],
  [['10.0.0.0/8'], '10.0.0.1, 10.0.0.2', false],
  [['10.0.0.0/8'], undefined, false],
  [[], '127.0.0.1', false],
])('of %j, %s is a trusted proxy: %s', (ranges, address, trusted) =>
  expect(createProxyTrust(ranges)(address)).toBe(trusted),
);
