import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '../../support/index.js';
import { type Api, KEY, openApi } from './open-api.js';

let api: Api;
let endpointId: string;
beforeAll(async () => {
  api = await openApi();
  const made = await api.post('/api/v1/endpoints', {
    name: 'there',
    channel: 'http',
    config: { url: 'https://example.com' },
    policies: ['there'],
  });
  endpointId = made.json.id;
});
afterAll(() => api.close());

const NUL = '\u0000';
const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
const endpoint = (over: object) => ({ name: 'n', channel: 'http', config: { url: 'https://example.com' }, ...over });

/** Method, path, body, status, and a text that the answer contains. */
const BAD: [string, string, unknown, number, string][] = [
  // Bodies that are not settings.
  ['POST', '/api/v1/endpoints', '{"name":', 400, 'not JSON'],
  ['POST', '/api/v1/endpoints', '{"name": tru}', 400, 'unexpected'],
  ['POST', '/api/v1/endpoints', '{"name": 1,}', 400, 'line 1 column'],
  ['POST', '/api/v1/endpoints', '{"name": "a" "b"}', 400, 'position 13'],
  ['POST', '/api/v1/endpoints', '', 400, 'required'],
  ['POST', '/api/v1/endpoints', 'null', 400, 'must be an object, not null'],
  ['POST', '/api/v1/endpoints', '[]', 400, 'must be an object, not an array'],
  ['POST', '/api/v1/endpoints', '"x"', 400, 'must be an object'],
  ['POST', '/api/v1/endpoints', deep, 400, 'levels deep'],
  ['POST', '/api/v1/endpoints', '{"__proto__": {"admin": true}}', 400, '__proto__'],
  ['POST', '/api/v1/endpoints', '{"constructor": {"prototype": {"x": 1}}}', 400, 'constructor'],
  ['POST', '/api/v1/endpoints', `{"config":{"headers":{"__proto__":"x"}}}`, 400, '__proto__'],
  // Invalid endpoints.
  ['POST', '/api/v1/endpoints', {}, 400, '"path":"name"'],
  ['POST', '/api/v1/endpoints', endpoint({ nmae: 1 }), 400, '"path":"nmae"'],
  ['POST', '/api/v1/endpoints', endpoint({ name: `a${NUL}` }), 400, '"path":"name"'],
  ['POST', '/api/v1/endpoints', endpoint({ name: '\ud800' }), 400, 'surrogate'],
  ['POST', '/api/v1/endpoints', endpoint({ name: 'x'.repeat(201) }), 400, 'at most 200'],
  ['POST', '/api/v1/endpoints', endpoint({ channel: 'pigeon' }), 400, 'must be one of dingtalk, email, '],
  ['POST', '/api/v1/endpoints', endpoint({ config: { url: 'javascript:alert(1)' } }), 400, '"path":"config.url"'],
  [
    'POST',
    '/api/v1/endpoints',
    endpoint({ config: { url: 'https://x', headers: { 'a\nb': 'x' } } }),
    400,
    'config.headers',
  ],
  [
    'POST',
    '/api/v1/endpoints',
    endpoint({ config: { url: 'https://x', signingSecret: '********' } }),
    400,
    'nothing stored',
  ],
  ['POST', '/api/v1/endpoints', endpoint({ levels: ['critical'] }), 400, 'must be one of fatal, error'],
  ['POST', '/api/v1/endpoints', endpoint({ levels: [] }), 400, '"path":"levels"'],
  ['POST', '/api/v1/endpoints', endpoint({ pushPeriod: '12 hours' }), 400, '"path":"pushPeriod"'],
  ['POST', '/api/v1/endpoints', endpoint({ pushPeriod: 3600 }), 400, 'must be a string, not 3600'],
  ['POST', '/api/v1/endpoints', endpoint({ maxPushes: 1e99 }), 400, '"path":"maxPushes"'],
  ['POST', '/api/v1/endpoints', endpoint({ rateLimit: { max: 1, per: '0s' } }), 400, '"path":"rateLimit.per"'],
  ['POST', '/api/v1/endpoints', endpoint({ fallback: 'x' }), 400, '"path":"fallback"'],
  ['POST', '/api/v1/endpoints', endpoint({ fallback: 'x' }), 400, 'another endpoint of the team default, not'],
  ['POST', '/api/v1/endpoints', endpoint({ fallback: 7 }), 400, 'must be a string, not 7'],
  ['POST', '/api/v1/endpoints', endpoint({ fallback: '' }), 400, '"path":"fallback"'],
  ['POST', '/api/v1/endpoints', endpoint({ template: { title: '{{ title' } }), 400, 'line 1'],
  ['POST', '/api/v1/endpoints', endpoint({ policies: [''] }), 400, '"path":"policies.0"'],
  ['POST', '/api/v1/endpoints', endpoint({ team: 'nobody' }), 400, '"path":"team"'],
  ['POST', '/api/v1/endpoints', endpoint({ name: 'there' }), 409, 'already has an endpoint'],
  ['GET', '/api/v1/endpoints?limit=0', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/endpoints?limit=201', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/endpoints?limit=1e2', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/endpoints?limit=1&limit=2', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/endpoints?limt=1', undefined, 400, '"path":"limt"'],
  ['GET', '/api/v1/endpoints?cursor=%00', undefined, 400, '"path":"cursor"'],
  ['GET', '/api/v1/endpoints?cursor=abc', undefined, 400, '"path":"cursor"'],
  ['GET', '/api/v1/endpoints?__proto__=1', undefined, 400, '__proto__'],
  ['GET', '/api/v1/endpoints/none', undefined, 404, 'no endpoint'],
  ['GET', '/api/v1/endpoints/%00', undefined, 404, 'no endpoint'],
  ['GET', "/api/v1/endpoints/'%20OR%201=1--", undefined, 404, 'no endpoint'],
  ['GET', `/api/v1/endpoints/${'x'.repeat(4_000)}`, undefined, 414, 'longer'],
  ['GET', '/api/v1/endpoints/%ff', undefined, 400, 'percent'],
  ['PATCH', '/api/v1/endpoints/none', {}, 404, 'no endpoint'],
  ['PATCH', '/api/v1/endpoints/:id', [], 400, 'must be an object, not an array'],
  ['PATCH', '/api/v1/endpoints/:id', { config: [] }, 400, '"path":"config"'],
  ['PATCH', '/api/v1/endpoints/:id', { config: { url: null } }, 400, '"path":"config.url"'],
  ['PATCH', '/api/v1/endpoints/:id', { config: { headers: { [`a${NUL}`]: '1' } } }, 400, 'NUL'],
  ['PATCH', '/api/v1/endpoints/:id', { channel: 'email' }, 400, '"path":"channel"'],
  ['PATCH', '/api/v1/endpoints/:id', { id: 'x' }, 400, '"path":"id"'],
  ['PATCH', '/api/v1/endpoints/:id', { pushPeroid: null }, 400, '"path":"pushPeroid"'],
  ['PATCH', '/api/v1/endpoints/:id', { config: { foo: null } }, 400, '"path":"config.foo"'],
  ['PATCH', '/api/v1/policies/there', { enabeld: null }, 400, '"path":"enabeld"'],
  ['PATCH', '/api/v1/endpoints/:id', { template: 'x' }, 400, '"path":"template"'],
  ['PATCH', '/api/v1/endpoints/:id', { levels: null, pushPeriod: {} }, 400, '"path":"pushPeriod"'],
  ['DELETE', '/api/v1/endpoints/:id?force=yes', undefined, 400, '"path":"force"'],
  ['DELETE', '/api/v1/endpoints/:id', undefined, 409, '"policies":["there"]'],
  ['DELETE', '/api/v1/endpoints/none', undefined, 404, 'no endpoint'],
  ['POST', '/api/v1/endpoints/test', { channel: 'http' }, 400, '"path":"config"'],
  [
    'POST',
    '/api/v1/endpoints/test',
    { channel: 'http', config: { url: 'https://x', signingSecret: '********' } },
    400,
    'nothing stored',
  ],
  ['POST', '/api/v1/endpoints/test', { channel: 'http', config: { url: 'https://x' }, id: 'none' }, 404, 'no endpoint'],
  ['POST', '/api/v1/endpoints/:id/test', { confg: {} }, 400, '"path":"confg"'],
  ['POST', '/api/v1/endpoints/:id/test', [], 400, 'must be an object, not an array'],
  ['GET', '/api/v1/channels?limit=0', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/channels?cursor=abc', undefined, 400, '"path":"cursor"'],
  ['GET', '/assets/nope.js', undefined, 404, 'nothing at this path'],
  ['POST', '/assets/nope.js', undefined, 405, 'GET, HEAD'],
  ['POST', '/api/v1/endpoints/none/test', undefined, 404, 'no endpoint'],
  // Policies.
  ['POST', '/api/v1/policies', {}, 400, '"path":"key"'],
  ['POST', '/api/v1/policies', { key: '' }, 400, '"path":"key"'],
  ['POST', '/api/v1/policies', { key: 'x'.repeat(257) }, 400, 'at most 256'],
  ['POST', '/api/v1/policies', { key: `k${NUL}` }, 400, '"path":"key"'],
  ['POST', '/api/v1/policies', { key: 'there' }, 409, 'already has a policy'],
  ['POST', '/api/v1/policies', { key: 'k', match: {} }, 400, 'at least one entry'],
  ['POST', '/api/v1/policies', { key: 'k', match: { region: '~(' } }, 400, '"path":"match.region"'],
  ['POST', '/api/v1/policies', { key: 'k', match: { region: '~(?=x)' } }, 400, 'RE2'],
  ['POST', '/api/v1/policies', { key: 'k', match: { region: 5 } }, 400, '"path":"match.region"'],
  ['POST', '/api/v1/policies', { key: 'k', match: { level: 'critical' } }, 400, 'must be one of fatal'],
  ['POST', '/api/v1/policies', { key: 'k', endpoints: 'all' }, 400, '"path":"endpoints"'],
  ['POST', '/api/v1/policies', { key: 'k', endpoints: ['none'] }, 400, '"path":"endpoints.0"'],
  ['POST', '/api/v1/policies', { key: 'k', enabled: 'true' }, 400, '"path":"enabled"'],
  ['POST', '/api/v1/policies', { key: 'k', createdAt: 'x' }, 400, '"path":"createdAt"'],
  ['GET', '/api/v1/policies/none', undefined, 404, 'no policy'],
  ['GET', '/api/v1/policies/%00', undefined, 404, 'no policy'],
  ['GET', '/api/v1/policies/there?team=nobody', undefined, 404, 'no policy'],
  ['GET', '/api/v1/policies/there?foo=1', undefined, 400, '"path":"foo"'],
  ['GET', '/api/v1/policies?cursor=WyJhIl0', undefined, 400, '"path":"cursor"'],
  ['PATCH', '/api/v1/policies/there', { key: 'other' }, 400, '"path":"key"'],
  ['PATCH', '/api/v1/policies/there', { match: { a: '~[' } }, 400, '"path":"match.a"'],
  ['PATCH', '/api/v1/policies/there', 'true', 400, 'must be an object'],
  ['DELETE', '/api/v1/policies/none', undefined, 404, 'no policy'],
  // Deliveries.
  ['GET', '/api/v1/deliveries?status=waiting', undefined, 400, '"path":"endpoint"'],
  ['GET', '/api/v1/deliveries?status=done', undefined, 400, '"path":"status"'],
  ['GET', '/api/v1/deliveries?level=critical', undefined, 400, 'fatal, error'],
  ['GET', '/api/v1/deliveries?from=yesterday', undefined, 400, 'RFC 3339'],
  ['GET', '/api/v1/deliveries?to=2026-13-01T00:00:00Z', undefined, 400, '"path":"to"'],
  ['GET', '/api/v1/deliveries?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z', undefined, 400, '"path":"from"'],
  ['GET', '/api/v1/deliveries?policy=%00', undefined, 400, '"path":"policy"'],
  ['GET', `/api/v1/deliveries?object=${'x'.repeat(1_025)}`, undefined, 400, 'at most 1024'],
  ['GET', '/api/v1/deliveries?endpoint=', undefined, 400, '"path":"endpoint"'],
  ['GET', '/api/v1/deliveries?cursor=MTIz', undefined, 400, '"path":"cursor"'],
  ['GET', '/api/v1/deliveries?limit=-1', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/deliveries?polcy=x', undefined, 400, '"path":"polcy"'],
  ['GET', '/api/v1/deliveries/none', undefined, 404, 'no delivery'],
  ['GET', '/api/v1/deliveries/%00', undefined, 404, 'no delivery'],
  ['POST', '/api/v1/deliveries/x/nothing', undefined, 404, 'nothing at this path'],
  // Unrouted.
  ['GET', '/api/v1/unrouted?cursor=x', undefined, 400, '"path":"cursor"'],
  ['GET', '/api/v1/unrouted?cursor=99999999999999999999-0', undefined, 400, '"path":"cursor"'],
  ['GET', '/api/v1/unrouted?limit=x', undefined, 400, '"path":"limit"'],
  ['GET', '/api/v1/channels?x=1', undefined, 400, '"path":"x"'],
  // Paths and methods.
  ['GET', '/api/v1/silences', undefined, 404, 'nothing at this path'],
  ['GET', '/api/v1/endpoints/', undefined, 404, 'nothing'],
  ['GET', '/api/v1//endpoints', undefined, 404, 'nothing'],
  ['PUT', '/api/v1/endpoints', {}, 405, 'GET, HEAD, POST'],
  ['DELETE', '/api/v1/policies', undefined, 405, 'GET'],
  ['POST', '/api/v1/channels', {}, 405, 'GET'],
  ['OPTIONS', '/api/v1/endpoints', undefined, 405, 'GET'],
];

it.each(BAD)('%s %s %j answers %i and names the error', async (method, path, body, status, names) => {
  const answer = await api.send(method as 'GET', path.replace(':id', endpointId), body);
  expect({ status: answer.status, text: answer.text }).toMatchObject({ status, text: expect.stringContaining(names) });
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.json).toMatchObject({
    status,
    title: expect.any(String),
    type: expect.any(String),
    detail: expect.any(String),
  });
});

it('answers a wrong content type with 415', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/x-ndjson',
    'multipart/form-data; boundary=x',
    'application/xml',
    'x',
  ]) {
    const answer = await api.post('/api/v1/endpoints', 'a=b', { 'content-type': type });
    expect([type, answer.status]).toEqual([type, 415]);
    expect(answer.headers['content-type']).toContain('application/problem+json');
  }
});

it('names the content types that events may have', async () => {
  const answer = await api.post('/api/v1/events', 'a=b', { 'content-type': 'text/plain' });
  expect(answer).toMatchObject({
    status: 415,
    json: { detail: expect.stringContaining('send application/json or application/x-ndjson') },
  });
});

it.each(['gzip', 'br', 'identity, gzip', 'nonsense'])('answers the content encoding %s with 415', async (encoding) => {
  for (const [path, type] of [
    ['/api/v1/endpoints', 'application/json'],
    ['/api/v1/events', 'application/json'],
    ['/api/v1/events', 'application/x-ndjson'],
  ] as const) {
    const answer = await api.post(path, '{}', { 'content-type': type, 'content-encoding': encoding });
    expect(answer).toMatchObject({ status: 415, json: { detail: expect.stringContaining(`"${encoding}"`) } });
    expect(answer.headers['accept-encoding']).toBe('identity');
    expect(answer.headers['content-type']).toContain('application/problem+json');
  }
  expect((await api.post('/api/v1/nothing', '{}', { 'content-encoding': encoding })).status).toBe(404);
});

it('accepts the content encoding identity', async () => {
  const answer = await api.patch(`/api/v1/endpoints/${endpointId}`, {}, { 'content-encoding': 'Identity' });
  expect(answer.status).toBe(200);
});

it('accepts the other media types of JSON', async () => {
  for (const type of ['application/merge-patch+json', 'application/json; charset=utf-8']) {
    expect((await api.patch(`/api/v1/endpoints/${endpointId}`, {}, { 'content-type': type })).status).toBe(200);
  }
  expect((await api.send('DELETE', '/api/v1/policies/none', '', { 'content-type': 'application/json' })).status).toBe(
    404,
  );
});

it('answers a body over the limit with 413', async () => {
  const answer = await api.post('/api/v1/endpoints', JSON.stringify({ name: 'x'.repeat(17 * 1024 * 1024) }));
  expect(answer.status).toBe(413);
  expect(answer.json.detail).toContain('16 MiB');
});

it('returns no secret in an error', async () => {
  const secret = 'hunter2hunter2';
  const bodies = [
    { name: 'n', channel: 'http', config: { url: 'https://example.com', signingSecret: secret } },
    { name: 'n', channel: 'http', config: { url: 'https://example.com', headers: { 'x-key': `${secret}\n` } } },
    { name: 'n', channel: 'http', config: { url: 'https://example.com', headers: secret } },
    { name: 'n', channel: 'http', config: secret },
  ];
  for (const body of bodies) {
    const answer = await api.post('/api/v1/endpoints', body);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(secret);
  }
  expect((await api.post('/api/v1/endpoints', `{"a": "${secret}`)).text).not.toContain(secret);
  expect((await api.post('/api/v1/endpoints', `${secret}`)).text).not.toContain(secret);
});

describe('access', () => {
  it.each([
    '/api/v1/endpoints',
    '/api/v1/nothing',
    '/nothing',
    '/api//v1/endpoints',
    '/%61pi/v1/endpoints',
    '/api/v1/%65ndpoints',
    '//api/v1/endpoints',
    '/healthz/../api/v1/endpoints',
    '/assets/../api/v1/endpoints',
    '/healthz/',
    '/HEALTHZ',
    '/docs',
    '/docs/',
    '/docs/swagger-ui.css',
    '/docs/swagger-ui-init.js',
    '/openapi.json',
    '/queues',
    '/queues/api/queues',
  ])('asks for a key at %s', async (path) => {
    for (const headers of [
      { authorization: '' },
      { authorization: 'Bearer wrong' },
      { authorization: `Bearer ${KEY}x` },
      { authorization: KEY },
      { authorization: 'Bearer' },
    ]) {
      const answer = await api.get(path, headers);
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers['www-authenticate']).toBeDefined();
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  it('checks the key before it reads a body', async () => {
    expect((await api.post('/api/v1/endpoints', '{broken', { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('accepts a key as the password of HTTP Basic, with any user name, on every route', async () => {
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
    const paths = ['/docs', '/docs/swagger-ui.css', '/openapi.json', '/queues', '/api/v1/endpoints', '/api/v1/stats'];
    for (const path of paths) {
      for (const user of ['anybody', '', 'ops@example.org', '告警']) {
        expect([path, user, (await api.get(path, basic(`${user}:${KEY}`))).status]).toEqual([path, user, 200]);
      }
      for (const wrong of ['anybody:wrong', `${KEY}:`, `anybody:${KEY}x`, `x:y:${KEY}`, KEY]) {
        expect([path, wrong, (await api.get(path, basic(wrong))).status]).toEqual([path, wrong, 401]);
      }
      expect((await api.get(path, { authorization: 'Basic !!!' })).status).toBe(401);
    }
    const lowerCase = { authorization: basic(`:${KEY}`).authorization.replace('Basic', 'basic ') };
    expect((await api.get('/api/v1/endpoints', lowerCase)).status).toBe(200);
    const event = { policy: 'none', object: 'o', level: 'info' };
    for (const [path, body] of [
      ['/api/v1/events', event],
      ['/api/v2/alerts', [{ labels: { alertname: 'none' } }]],
      ['/api/v1/endpoints/test', { channel: 'none', config: {} }],
    ] as const) {
      expect((await api.post(path, body, basic('anybody:wrong'))).status).toBe(401);
      expect((await api.post(path, body, basic(`prometheus:${KEY}`))).status).not.toBe(401);
    }
    expect((await api.get('/api/v1/endpoints', basic('i:ingest-key'))).status).toBe(403);
  });

  it('offers both ways to present a key, but only a bearer token to the script of a page', async () => {
    const none = { authorization: '' };
    const challenge = async (headers: object) =>
      (await api.get('/api/v1/endpoints', { ...none, ...headers })).headers['www-authenticate'];
    expect(await challenge({})).toBe('Bearer realm="Tocsin", Basic realm="Tocsin", charset="UTF-8"');
    expect(await challenge({ 'sec-fetch-dest': 'document' })).toContain('Basic');
    expect(await challenge({ 'sec-fetch-dest': 'empty' })).toBe('Bearer realm="Tocsin"');
    expect((await api.get('/docs', none)).headers['www-authenticate']).toMatch(/^Basic /);
  });

  it('refuses changes that the page of another site makes a browser send with its password', async () => {
    const basic = {
      authorization: `Basic ${Buffer.from(`anybody:${KEY}`).toString('base64')}`,
      host: 'tocsin.example',
    };
    const elsewhere: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: 'https://tocsin.example' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: 'https://tocsin.example.evil.example' },
    ];
    const path = '/api/v1/deliveries/none/cancel';
    for (const headers of elsewhere) {
      expect([headers, (await api.post(path, undefined, { ...basic, ...headers })).status]).toEqual([headers, 403]);
      expect((await api.get('/api/v1/endpoints', { ...basic, ...headers })).status).toBe(200);
      // A browser adds no bearer token on its own.
      expect((await api.post(path, undefined, headers)).status).toBe(404);
    }
    const own: Record<string, string>[] = [
      {},
      { 'sec-fetch-site': 'same-origin' },
      { origin: 'https://tocsin.example' },
    ];
    for (const headers of own) {
      expect([headers, (await api.post(path, undefined, { ...basic, ...headers })).status]).toEqual([headers, 404]);
    }
  });

  it('needs no key on health routes', async () => {
    const none = { authorization: '' };
    await waitFor(async () => (await api.get('/readyz', none)).status === 200);
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await api.get(path, none)).status).toBe(200);
    expect((await api.post('/healthz', {}, none)).status).toBe(401);
  });

  it('gives each role its rights', async () => {
    const rights: [string, string, string, number][] = [
      ['viewer-key', 'GET', '/api/v1/endpoints', 200],
      ['viewer-key', 'POST', '/api/v1/endpoints', 403],
      ['viewer-key', 'POST', `/api/v1/endpoints/${endpointId}/test`, 403],
      ['member-key', 'PATCH', `/api/v1/endpoints/${endpointId}`, 403],
      ['ingest-key', 'GET', '/api/v1/endpoints', 403],
      ['ingest-key', 'GET', '/api/v1/deliveries', 403],
      ['admin-key-of-team', 'PATCH', `/api/v1/endpoints/${endpointId}`, 200],
      ['admin-key-of-team', 'GET', '/api/v1/endpoints?team=other', 404],
      ['admin-key-of-team', 'GET', '/api/v1/policies/there?team=other', 404],
    ];
    for (const [key, method, path, status] of rights) {
      const body = method === 'GET' ? undefined : {};
      const answer = await api.send(method as 'GET', path, body, api.as(key));
      expect([key, method, path, answer.status]).toEqual([key, method, path, status]);
    }
  });
});
