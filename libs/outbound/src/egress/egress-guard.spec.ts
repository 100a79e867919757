import { describe, expect, it } from 'vitest';
import { createEgressGuard } from './egress-guard.js';

const mayReach = createEgressGuard(['127.0.0.0/8', '::1/128', '169.254.0.0/16', 'fe80::/10', '10.1.0.0/16']);

describe('denies', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.9',
    '::1',
    '169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    '10.1.2.3',
    '0.0.0.0',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:0.0.0.0',
    '::127.0.0.1',
    '64:ff9b::169.254.169.254',
    '::ffff:0:127.0.0.1',
    '64:ff9b:1:fffe::169.254.169.254',
    '2002:a9fe:a9fe::1',
    '::ffff:127.0.0.1%1',
    'no address',
    '',
  ])('%s', (address) => expect(mayReach(address)).toBe(false));
});

describe('allows', () => {
  it.each(['10.2.0.1', '192.0.2.1', '::2', '2001:db8::1', 'fec0::1', '::ffff:10.2.0.1', '64:ff9b::192.0.2.1'])(
    '%s',
    (address) => expect(mayReach(address)).toBe(true),
  );
  it('everything where nothing is denied', () => expect(createEgressGuard([])('127.0.0.1')).toBe(true));
});

it('denies IPv4 written as IPv6 by ranges written as IPv6', () => {
  expect(createEgressGuard(['::ffff:10.0.0.0/104'])('::ffff:10.0.0.1')).toBe(false);
});

it('refuses a text that is not a range', () => {
  for (const range of ['10.0.0.0', '10.0.0.0/33', 'localhost', '']) {
    expect(() => createEgressGuard([range])).toThrow(/CIDR/);
  }
});
