import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { configSchema } from '../config/config-schema.js';
import { listTemplates } from '../config/config-templates.js';
import { listSecrets, mapSecrets } from './map-secrets.js';
import { maskSecrets } from './mask-secrets.js';
import { restoreSecrets } from './restore-secrets.js';
import { secretPaths } from './secret-paths.js';

const secret = z.string().meta({ writeOnly: true });
/** A config with records, lists of objects, nested objects and alternatives. */
const schema = z.strictObject({
  url: z.string().meta({ template: 'url' }),
  password: secret.optional(),
  token: z.string().min(3).default('abc').meta({ writeOnly: true }),
  headers: z
    .record(z.string(), secret)
    .meta({ writeOnlyExcept: ['accept'] })
    .optional(),
  robots: z
    .array(z.strictObject({ id: z.string().optional(), webhookUrl: secret, keywords: z.array(z.string()).optional() }))
    .optional(),
  app: z.strictObject({ corpId: z.string(), secret }).optional(),
  brokers: z.union([z.string(), z.array(z.string())]).optional(),
  sasl: z
    .discriminatedUnion('mechanism', [
      z.strictObject({ mechanism: z.literal('plain'), password: secret }),
      z.strictObject({ mechanism: z.literal('none') }),
    ])
    .optional(),
});
const config = {
  url: 'http://h/{{ policy }}',
  password: 'p1',
  token: 't1',
  headers: { Accept: 'text/plain', 'X-Key': 'k1' },
  robots: [{ id: 'r1', webhookUrl: 'w1', keywords: ['no secret'] }, { webhookUrl: 'w2' }],
  app: { corpId: 'c', secret: 's1' },
  brokers: ['b:1'],
  sasl: { mechanism: 'plain', password: 'p2' },
};
const every = ['p1', 't1', 'k1', 'w1', 'w2', 's1', 'p2'];

it('lists the secrets at every position that the schema marks', () => {
  expect(listSecrets(schema, config)).toEqual(every);
  expect(listSecrets(schema, config)).toBe(listSecrets(schema, config));
  expect(secretPaths(schema)).toEqual([
    'app.secret',
    'headers.*',
    'password',
    'robots[].webhookUrl',
    'sasl.password',
    'token',
  ]);
});

it('keeps the marks in the JSON Schema', () => {
  const { properties } = configSchema(schema);
  expect(properties?.password?.writeOnly).toBe(true);
  expect(properties?.token).toMatchObject({ writeOnly: true, default: 'abc' });
  expect(properties?.headers).toMatchObject({ writeOnlyExcept: ['accept'], additionalProperties: { writeOnly: true } });
  expect(configSchema(schema).required).toEqual(['url']);
});

it('maps secrets with their paths, and changes neither other fields nor the original', () => {
  const before = structuredClone(config);
  const paths: string[] = [];
  const mapped = mapSecrets(schema, config, (value, { path }) => {
    paths.push(path.join('/'));
    return `<${value}>`;
  });
  expect(mapped).toEqual({
    ...config,
    password: '<p1>',
    token: '<t1>',
    headers: { Accept: 'text/plain', 'X-Key': '<k1>' },
    robots: [{ id: 'r1', webhookUrl: '<w1>', keywords: ['no secret'] }, { webhookUrl: '<w2>' }],
    app: { corpId: 'c', secret: '<s1>' },
    sasl: { mechanism: 'plain', password: '<p2>' },
  });
  expect(config).toEqual(before);
  expect(paths).toEqual([
    'password',
    'token',
    'headers/X-Key',
    'robots/0/webhookUrl',
    'robots/1/webhookUrl',
    'app/secret',
    'sasl/password',
  ]);
});

describe('sending a masked config back', () => {
  const masked = maskSecrets(schema, config);

  it('keeps the stored secrets', () => {
    expect(JSON.stringify(masked)).not.toMatch(/"(p1|t1|k1|w1|w2|s1|p2)"/);
    expect(restoreSecrets(schema, masked, config)).toEqual({ config, missing: [], moved: [] });
  });

  it('matches a robot by its id, not by its index', () => {
    const { config: restored } = restoreSecrets(
      schema,
      { url: 'u', robots: [{ webhookUrl: 'new' }, { id: 'r1', webhookUrl: '********' }] },
      config,
    );
    expect(restored).toMatchObject({ robots: [{ webhookUrl: 'new' }, { id: 'r1', webhookUrl: 'w1' }] });
  });

  it('reports masks without a stored secret', () => {
    const incoming = { url: '********', password: '********', headers: { 'X-New': '********', accept: '********' } };
    const { missing } = restoreSecrets(schema, incoming, { url: 'u' });
    expect(missing).toEqual([['password'], ['headers', 'X-New']]);
    expect(restoreSecrets(schema, incoming, undefined).missing).toEqual(missing);
  });

  it('does not confuse an index with an id', () => {
    const numbered = { url: 'u', robots: [{ id: '1', webhookUrl: 'w1' }, { webhookUrl: 'w2' }] };
    const byIndex = { url: 'u', robots: [{ webhookUrl: '********' }, { id: '0', webhookUrl: '********' }] };
    expect(restoreSecrets(schema, byIndex, numbered).missing).toEqual([
      ['robots', '0', 'webhookUrl'],
      ['robots', '1', 'webhookUrl'],
    ]);
  });
});

it.each([
  null,
  undefined,
  7,
  'text',
  [],
  { password: 7 },
  { robots: 'x' },
  { robots: [null, 'x'] },
  { headers: ['x'] },
])('accepts the unvalidated value %j', (value) => expect(mapSecrets(schema, value as never, () => 'x')).toEqual(value));

it('handles keys that are also names of object properties', () => {
  const odd = JSON.parse(
    '{"headers": {"constructor": "c", "__proto__": "p"}, "toString": "t", "__proto__": {"password": "q"}}',
  );
  expect(listSecrets(schema, odd)).toEqual(['c', 'p']);
});

it('lists templates with the escaping of their values', () => {
  expect(listTemplates(schema, config)).toEqual([{ path: ['url'], source: 'http://h/{{ policy }}', escaping: 'url' }]);
});
