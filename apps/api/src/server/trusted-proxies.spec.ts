import { fastify } from 'fastify';
import { expect, it } from 'vitest';
import { createProxyTrust } from '#libs/access';

const TRUSTED = ['10.0.0.0/8', '2001:db8::/32'];

async function seen(remoteAddress: string, headers: Record<string, string>) {
  const server = fastify({ trustProxy: createProxyTrust(TRUSTED) });
  server.get('/', async ({ ip, protocol }) => ({ ip, protocol }));
  return (await server.inject({ method: 'GET', url: '/', remoteAddress, headers })).json();
}
const forwarded = (chain: string) => ({ 'x-forwarded-for': chain, 'x-forwarded-proto': 'https' });

it.each([
  ['10.0.0.1', '198.51.100.1', { ip: '198.51.100.1', protocol: 'https' }],
  ['::ffff:10.0.0.1', '198.51.100.1', { ip: '198.51.100.1', protocol: 'https' }],
  ['2001:db8::7', '2001:db9::1', { ip: '2001:db9::1', protocol: 'https' }],
  ['10.0.0.1', '6.6.6.6, 198.51.100.1, 10.9.9.9', { ip: '198.51.100.1', protocol: 'https' }],
  ['10.0.0.1', '10.0.0.3, 10.0.0.2', { ip: '10.0.0.3', protocol: 'https' }],
  ['10.0.0.1', '198.51.100.1, unknown', { ip: 'unknown', protocol: 'https' }],
  ['192.0.2.1', '198.51.100.1', { ip: '192.0.2.1', protocol: 'http' }],
  ['::ffff:192.0.2.1', '10.0.0.1', { ip: '::ffff:192.0.2.1', protocol: 'http' }],
])('a connection from %s for %s is one of %j', async (peer, chain, expected) => {
  expect(await seen(peer, forwarded(chain))).toEqual(expected);
});
