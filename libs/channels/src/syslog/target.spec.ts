import { expect, it } from 'vitest';
import { addressOf, parseTarget } from './target.js';

it.each([
  ['logs.example.com', 'udp', 'logs.example.com', 514],
  ['logs.example.com:1514', 'udp', 'logs.example.com', 1514],
  ['UDP://192.0.2.7', 'udp', '192.0.2.7', 514],
  ['TCP://Logs.Example.COM:65535', 'tcp', 'logs.example.com', 65_535],
  ['tcp://log_server', 'tcp', 'log_server', 514],
  ['tls://logs.example.com', 'tls', 'logs.example.com', 6514],
  ['Tls://[2001:DB8::1]:1', 'tls', '2001:db8::1', 1],
  ['[::1]', 'udp', '::1', 514],
])('parses %s', (text, transport, host, port) => {
  expect(parseTarget(text)).toEqual({ transport, host, port });
});

it.each([
  ['', /is not a host/],
  ['udp://', /is not a host/],
  [':514', /is not a host/],
  ['http://logs.example.com', /scheme must be udp, tcp or tls, not http/],
  ['constructor://logs.example.com', /scheme/],
  ['logs.example.com:', /port must be from 1 to 65535, not ""/],
  ['logs.example.com:0', /port/],
  ['logs.example.com:65536', /port/],
  ['logs.example.com:syslog', /port/],
  ['logs.example.com:514/', /port/],
  ['2001:db8::1', /brackets/],
  ['[logs.example.com]:514', /is not a host/],
  ['[::1', /is not a host/],
  ['user@logs.example.com', /is not a host/],
  ['logs example com', /is not a host/],
  ['logs.example.com\n', /is not a host/],
])('refuses %j, and the problem says what is allowed', (text, problem) => {
  const target = parseTarget(text);
  expect(target).toEqual({ problem: expect.stringMatching(problem) });
  expect(target).toEqual({ problem: expect.stringContaining('tls://host:port') });
});

it('has a label without the scheme', () => {
  expect(addressOf({ transport: 'tcp', host: 'a', port: 1 })).toBe('a:1');
  expect(addressOf({ transport: 'tcp', host: '::1', port: 1 })).toBe('[::1]:1');
});
