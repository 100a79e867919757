import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelByType } from '../src/channels.js';
import type { Config } from '../src/kit/config/config-fields.js';
import { maskSecrets } from '../src/kit/secrets/mask-secrets.js';
import { restoreSecrets } from '../src/kit/secrets/restore-secrets.js';

/** Certificates are compared as texts. */
const AUTHORITY = 'pem of one';
const OTHER_AUTHORITY = 'pem of another';
const MASK = '********';
const HTTP = { url: 'https://a.example/x?y=1', headers: { 'X-Key': 'k' }, signingSecret: 's' };
const KAFKA = {
  brokers: ['k1.example:9092', 'k2.example:9092'],
  topic: 't',
  tls: true,
  sasl: { mechanism: 'plain', username: 'u', password: 'p' },
};
const EMAIL = { to: ['a@example.org'], host: 'mail.example.org', username: 'u', password: 'p' };
const SLACK = { token: 'xoxb-1', channels: ['#a'] };
const ROBOTS = {
  robots: [
    { id: 'a', webhookUrl: 'https://h.example/1', secret: 'sa' },
    { id: 'b', webhookUrl: 'https://h.example/2', secret: 'sb' },
  ],
};
const HEADERS = ['headers.X-Key', 'signingSecret'];

/** The paths of stored secrets to give again when a change is merged into a masked config. */
function toGiveAgain(schema: z.ZodType, stored: Config, change: Config): string[] {
  const merged = { ...maskSecrets(schema, stored), ...change };
  const incoming = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
  const { moved, missing } = restoreSecrets(schema, incoming, stored);
  expect(missing).toEqual([]);
  return moved.map(({ path }) => path.join('.'));
}

type Case = [title: string, stored: Config, change: Config, again: string[]];
const CASES: Record<string, Case[]> = {
  http: [
    ['another host', HTTP, { url: 'https://b.example/x?y=1' }, HEADERS],
    ['a host that begins with the former one', HTTP, { url: 'https://a.example.b.example/x' }, HEADERS],
    ['another port', HTTP, { url: 'https://a.example:444/x?y=1' }, HEADERS],
    ['http for https', HTTP, { url: 'http://a.example/x' }, HEADERS],
    ['https for http', { ...HTTP, url: 'http://a.example/x' }, { url: 'https://a.example/x' }, HEADERS],
    ['a user name before another host', HTTP, { url: 'https://a.example@b.example/' }, HEADERS],
    ['a backslash after the host', HTTP, { url: 'https://b.example\\@a.example/' }, HEADERS],
    ['a template as the host', HTTP, { url: 'https://{{ object }}/x' }, HEADERS],
    ['a template that extends the host', HTTP, { url: 'https://a.example{{ object }}/x' }, HEADERS],
    ['a url of another type', HTTP, { url: 7 }, HEADERS],
    ['a port that is no port', HTTP, { url: 'https://a.example:x/' }, HEADERS],
    ['another path and query', HTTP, { url: 'https://a.example/{{ policy }}?z={{ object }}' }, []],
    ['other capitals, and the default port', HTTP, { url: 'HTTPS://A.Example:443/x' }, []],
    ['an authority that was not trusted', HTTP, { caCert: AUTHORITY }, HEADERS],
    ['another authority', { ...HTTP, caCert: AUTHORITY }, { caCert: OTHER_AUTHORITY }, HEADERS],
    ['the authorities of the system instead', { ...HTTP, caCert: AUTHORITY }, { caCert: undefined }, HEADERS],
    ['the same authority', { ...HTTP, caCert: AUTHORITY }, { caCert: AUTHORITY }, []],
    ['other settings', HTTP, { timeout: '9s', method: 'PUT' }, []],
    ['one secret given again and one kept', HTTP, { url: 'https://b.example', signingSecret: 's' }, ['headers.X-Key']],
    ['all secrets given again', HTTP, { url: 'https://b.example', signingSecret: 's', headers: { 'X-Key': 'k' } }, []],
    ['the secrets removed', HTTP, { url: 'https://b.example', signingSecret: undefined, headers: {} }, []],
  ],
  kafka: [
    ['another broker', KAFKA, { brokers: ['k3.example:9092'] }, ['sasl.password']],
    ['a broker more', KAFKA, { brokers: [...KAFKA.brokers, 'k3.example:9092'] }, ['sasl.password']],
    [
      'a broker more, in one text',
      KAFKA,
      { brokers: 'k1.example:9092,k2.example:9092,k3.example:9092' },
      ['sasl.password'],
    ],
    ['another port', KAFKA, { brokers: ['k1.example:9093'] }, ['sasl.password']],
    ['the brokers in another order and in capitals', KAFKA, { brokers: 'K2.example:9092, K1.example:9092' }, []],
    ['a broker less', KAFKA, { brokers: ['k2.example:9092'] }, []],
    ['no TLS', KAFKA, { tls: false }, ['sasl.password']],
    ['TLS left out', KAFKA, { tls: undefined }, ['sasl.password']],
    ['TLS added', { ...KAFKA, tls: false }, { tls: true }, []],
    ['another topic', KAFKA, { topic: 'u', sasl: { ...KAFKA.sasl, username: 'v', password: MASK } }, []],
  ],
  email: [
    ['another host', EMAIL, { host: 'mail.b.example' }, ['password']],
    ["no host, which is the platform's server", EMAIL, { host: undefined }, ['password']],
    ['the same host in capitals', EMAIL, { host: 'MAIL.example.org' }, []],
    ['another port', EMAIL, { port: 2525 }, ['password']],
    ['the default port', EMAIL, { port: 587 }, []],
    ['the default port of TLS', { ...EMAIL, security: 'tls' }, { port: 465 }, []],
    ['the default port of STARTTLS for TLS', { ...EMAIL, security: 'tls' }, { port: 587 }, ['password']],
    ['no encryption', EMAIL, { security: 'none' }, ['password']],
    ['STARTTLS for TLS', { ...EMAIL, security: 'tls' }, { security: 'starttls' }, ['password']],
    ['the default security for TLS', { ...EMAIL, security: 'tls' }, { security: undefined }, ['password']],
    ['an unknown security', EMAIL, { security: 'maybe' }, ['password']],
    ['STARTTLS for no encryption', { ...EMAIL, security: 'none' }, { security: 'starttls' }, []],
    ['TLS for STARTTLS', EMAIL, { security: 'tls' }, []],
    ['another user name', EMAIL, { username: 'v' }, []],
  ],
  slack: [
    ['a gateway', SLACK, { apiUrl: 'https://b.example/api' }, ['token']],
    ['the public address', SLACK, { apiUrl: 'https://slack.com/api' }, []],
    ['a webhook beside the token', SLACK, { webhookUrl: 'https://b.example/' }, ['token']],
  ],
  pagerduty: [
    ['a gateway', { routingKey: 'r' }, { apiUrl: 'https://b.example' }, ['routingKey']],
    ['the public address', { routingKey: 'r' }, { apiUrl: 'https://events.pagerduty.com/' }, []],
  ],
  wecom: [
    ['a gateway', { app: { secret: 's' } }, { apiUrl: 'https://b.example' }, ['app.secret']],
    [
      'a gateway for a robot',
      { robots: [{ id: 'a', webhookUrl: 'https://h.example/1' }] },
      { apiUrl: 'https://b.example' },
      ['robots.0.webhookUrl'],
    ],
    ['the public address', { app: { secret: 's' } }, { apiUrl: 'https://qyapi.weixin.qq.com' }, []],
    ['no gateway', { app: { secret: 's' }, apiUrl: 'https://b.example' }, { apiUrl: undefined }, ['app.secret']],
  ],
  feishu: [
    [
      'another webhook of one robot',
      ROBOTS,
      {
        robots: [
          { id: 'b', webhookUrl: MASK, secret: MASK },
          { id: 'a', webhookUrl: 'https://b.example/1', secret: MASK },
        ],
      },
      ['robots.1.secret'],
    ],
    [
      'another path of a webhook',
      ROBOTS,
      { robots: [{ id: 'a', webhookUrl: 'https://h.example/3', secret: MASK }] },
      [],
    ],
    [
      'robots in another order',
      ROBOTS,
      {
        robots: [
          { id: 'b', webhookUrl: MASK, secret: MASK },
          { id: 'a', webhookUrl: MASK, secret: MASK },
        ],
      },
      [],
    ],
    [
      'a robot more',
      ROBOTS,
      {
        robots: [
          { webhookUrl: 'https://b.example/', secret: 'n' },
          { id: 'a', webhookUrl: MASK, secret: MASK },
        ],
      },
      [],
    ],
  ],
};

describe.each(Object.entries(CASES))('a stored secret of %s', (type, cases) => {
  const schema = channelByType(type)?.config as z.ZodType;
  it.each(cases)('with %s', (_title, stored, change, again) => {
    expect(toGiveAgain(schema, stored, change).sort()).toEqual([...again].sort());
  });
});

describe('fields that no channel has yet', () => {
  const secret = z.string().meta({ writeOnly: true });
  const schema = z.strictObject({
    auth: z.strictObject({ tokenUrl: z.string().meta({ destination: 'origin' }), clientSecret: secret }).optional(),
    proxy: secret.meta({ destination: 'origin' }).optional(),
    insecureSkipVerify: z
      .boolean()
      .default(false)
      .meta({ destination: { weakestFirst: [true, false] } }),
  });
  const stored = { auth: { tokenUrl: 'https://a.example/t', clientSecret: 'c' }, proxy: 'http://u:p@p.example:3128' };
  it.each<[string, Config, string[]]>([
    [
      'another token URL',
      { auth: { tokenUrl: 'https://b.example/t', clientSecret: MASK } },
      ['auth.clientSecret', 'proxy'],
    ],
    ['a proxy of another host', { proxy: 'http://p.b.example:3128' }, ['auth.clientSecret']],
    ['no proxy', { proxy: undefined }, ['auth.clientSecret']],
    ['another password of the proxy', { proxy: 'http://u:q@p.example:3128' }, []],
    ['certificates that are not verified', { insecureSkipVerify: true }, ['auth.clientSecret', 'proxy']],
    ['certificates that are verified, as before', { insecureSkipVerify: false }, []],
  ])('%s', (_title, change, again) => expect(toGiveAgain(schema, stored, change)).toEqual(again));
});
