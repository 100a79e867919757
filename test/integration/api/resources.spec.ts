import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Endpoint, OutcomeRecord } from '#libs/contracts';
import { unroutedKey } from '#libs/intake';
import { waitFor } from '../../support/index.js';
import { type Api, openApi } from './open-api.js';

let api: Api;
const tested: Endpoint[] = [];
let n = 0;
beforeAll(async () => {
  api = await openApi({
    tester: {
      async test(endpoint) {
        tested.push(endpoint);
        return {
          ok: true,
          targets: [
            { target: 'https://example.com', ok: true, detail: 'taken', providerResponse: '200', durationMs: 3 },
          ],
        };
      },
    },
  });
});
afterAll(() => api.close());
beforeEach(() => {
  n += 1;
});

const hook = (over: object = {}) => ({
  name: `hook ${n}`,
  channel: 'http',
  config: {
    url: 'https://example.com/{{ policy }}',
    headers: { authorization: 'Bearer s3cret', accept: 'text/plain' },
  },
  ...over,
});

describe('endpoints', () => {
  it('are created, shown, changed and deleted', async () => {
    const made = await api.post('/api/v1/endpoints', hook({ policies: [`p${n}`] }));
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({
      policyCount: 1,
      config: { headers: { authorization: '********', accept: 'text/plain' } },
    });
    const at = `/api/v1/endpoints/${made.json.id}`;
    expect((await api.get(at)).json).toEqual(made.json);

    const sentBack = await api.patch(at, { ...made.json, pushPeriod: '1h' });
    expect(sentBack).toMatchObject({ status: 200, json: { pushPeriod: '1h' } });
    const reset = await api.patch(at, { pushPeriod: null, config: { headers: { accept: null } } });
    expect(reset.json).toMatchObject({ pushPeriod: '12h', config: { headers: { authorization: '********' } } });
    expect(api.parts.settings.current()?.endpoints.get(made.json.id)?.config.headers).toEqual({
      authorization: 'Bearer s3cret',
    });

    const refused = await api.delete(at);
    expect(refused).toMatchObject({
      status: 409,
      json: { policies: [`p${n}`], detail: expect.stringContaining(`p${n}`) },
    });
    expect(await api.delete(`${at}?force=true`)).toMatchObject({ status: 204, text: '' });
    expect((await api.get(at)).status).toBe(404);
  });

  it('are in force in the answering process when it answers', async () => {
    const made = await api.post('/api/v1/endpoints', hook());
    expect(api.parts.settings.current()?.endpoints.has(made.json.id)).toBe(true);
    await api.patch(`/api/v1/endpoints/${made.json.id}`, { enabled: false });
    expect(api.parts.settings.current()?.endpoints.get(made.json.id)?.enabled).toBe(false);
    await api.delete(`/api/v1/endpoints/${made.json.id}`);
    expect(api.parts.settings.current()?.endpoints.has(made.json.id)).toBe(false);
  });

  it('are listed page by page', async () => {
    for (let i = 0; i < 5; i += 1) await api.post('/api/v1/endpoints', hook({ name: `list ${i}` }));
    const names: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await api.get(`/api/v1/endpoints?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      expect(page.json.items.length).toBeLessThanOrEqual(2);
      names.push(...page.json.items.map((item: { name: string }) => item.name));
      cursor = page.json.nextCursor;
    } while (cursor);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('list '))).toHaveLength(5);
  });

  it('are cloned with their secrets under another name, linked only to the given policies', async () => {
    const made = await api.post('/api/v1/endpoints', hook({ policies: [`p${n}`], pushPeriod: '1h', enabled: false }));
    const at = `/api/v1/endpoints/${made.json.id}/clone`;
    const copy = await api.post(at, { name: `night ${n}`, policies: [`q${n}`] });
    expect(copy.status).toBe(201);
    const { id, name, createdAt, updatedAt, policyCount, ...rest } = copy.json;
    expect({ ...made.json, ...rest }).toEqual(made.json);
    expect([name, policyCount]).toEqual([`night ${n}`, 1]);
    expect(id).not.toBe(made.json.id);
    const known = api.parts.settings.current()?.endpoints;
    expect(known?.get(id)?.config).toEqual(known?.get(made.json.id)?.config);
    expect((await api.get(`/api/v1/policies?endpoint=${id}`)).json.items).toMatchObject([{ key: `q${n}` }]);

    expect((await api.post(at, { name: `night ${n}` })).status).toBe(409);
    expect(await api.post(at, { nmae: 'x' })).toMatchObject({ status: 400, json: { errors: [{ path: 'nmae' }] } });
    expect((await api.post(at, {}, api.as('member-key'))).status).toBe(403);
    expect((await api.post('/api/v1/endpoints/nothing/clone', {})).status).toBe(404);
  });

  it('are cloned under a generated name if none is given', async () => {
    const long = `${'長'.repeat(197)}${n}`.slice(-200);
    for (const name of [`a_b% ${n}`, long]) {
      const made = await api.post('/api/v1/endpoints', hook({ name }));
      const copies = [];
      for (let i = 0; i < 3; i++) copies.push(await api.send('POST', `/api/v1/endpoints/${made.json.id}/clone`));
      const names = copies.map(({ status, json }) => [status, json.name]);
      const base = `${name.slice(0, 188)} copy`;
      expect(names).toEqual([
        [201, base],
        [201, `${base} 2`],
        [201, `${base} 3`],
      ]);
    }
  });

  it('are tested, saved or not', async () => {
    const made = await api.post('/api/v1/endpoints', hook());
    const answer = await api.post(`/api/v1/endpoints/${made.json.id}/test`, undefined);
    expect(answer).toMatchObject({ status: 200, json: { ok: true, targets: [{ target: 'https://example.com' }] } });
    expect(tested.at(-1)).toMatchObject({ id: made.json.id, config: { headers: { authorization: 'Bearer s3cret' } } });
    expect((await api.post(`/api/v1/endpoints/${made.json.id}/test`, {})).status).toBe(200);

    const unsaved = { channel: 'http', config: { ...made.json.config, url: 'https://example.com/other' } };
    expect((await api.post('/api/v1/endpoints/test', unsaved)).status).toBe(400);
    expect((await api.post('/api/v1/endpoints/test', { ...unsaved, id: made.json.id })).status).toBe(200);
    expect(tested.at(-1)).toMatchObject({
      config: { url: 'https://example.com/other', headers: { authorization: 'Bearer s3cret' } },
    });
    // A caller who cannot read a secret cannot have it sent to another address either.
    const before = tested.length;
    const elsewhere = { ...unsaved.config, url: 'https://attacker.example/other' };
    const again = [{ path: 'config.headers.authorization', message: expect.stringContaining('must be sent again') }];
    const refused = { status: 400, json: { errors: again } };
    const inTest = { ...unsaved, id: made.json.id, config: elsewhere };
    expect(await api.post('/api/v1/endpoints/test', inTest)).toMatchObject(refused);
    const at = `/api/v1/endpoints/${made.json.id}`;
    expect(await api.patch(at, { config: elsewhere })).toMatchObject(refused);
    expect(await api.patch(at, { config: { url: elsewhere.url } })).toMatchObject(refused);
    const asMember = (body: object) => api.post('/api/v1/endpoints/test', body, api.as('member-key'));
    expect((await asMember({ ...unsaved, id: made.json.id })).status).toBe(403);
    expect(tested).toHaveLength(before);
    expect((await asMember(hook())).status).toBe(200);
    expect((await api.post('/api/v1/endpoints/test', hook())).status).toBe(200);
    expect(tested.at(-1)?.name).toBe(`hook ${n}`);
    expect(tested.at(-1)?.pushPeriodMs).toBe(43_200_000);
  });

  it('of mail name the missing settings of the platform, and do not show their password', async () => {
    const mail = (config: object) => ({
      name: `mail ${n}`,
      channel: 'email',
      config: { to: ['ops@example.org'], ...config },
    });
    const own = { from: 'alerts@example.org', host: 'mail.example.org', username: 'u', password: 'hunter22' };
    const refused = await api.post('/api/v1/endpoints', mail({}));
    expect(refused).toMatchObject({
      status: 400,
      json: { errors: [{ path: 'config.host' }, { path: 'config.from' }] },
    });
    const made = await api.post('/api/v1/endpoints', mail(own));
    expect(made).toMatchObject({ status: 201, json: { config: { security: 'starttls', password: '********' } } });
    const at = `/api/v1/endpoints/${made.json.id}`;
    expect(await api.patch(at, { config: { host: null } })).toMatchObject({ status: 400 });
    expect(await api.patch(at, { config: { cc: ['boss@example.org'], password: '********' } })).toMatchObject({
      status: 200,
    });
    expect(api.parts.settings.current()?.endpoints.get(made.json.id)?.config.password).toBe('hunter22');
  });

  it('have a fallback, which is deleted only with force', async () => {
    const last = await api.post('/api/v1/endpoints', hook({ name: `last ${n}` }));
    const at = `/api/v1/endpoints/${last.json.id}`;
    const made = await api.post('/api/v1/endpoints', hook({ fallback: last.json.id }));
    expect(made).toMatchObject({ status: 201, json: { fallback: last.json.id } });
    expect(await api.patch(at, { fallback: made.json.id })).toMatchObject({
      status: 400,
      json: {
        errors: [{ path: 'fallback', message: expect.stringContaining(`"last ${n}" → "hook ${n}" → "last ${n}"`) }],
      },
    });
    expect(await api.delete(at)).toMatchObject({
      status: 409,
      json: {
        endpoints: [{ id: made.json.id, name: `hook ${n}` }],
        detail: `it is the fallback of an endpoint: hook ${n}; ?force=true deletes it anyway`,
      },
    });
    expect((await api.delete(`${at}?force=true`)).status).toBe(204);
    expect(api.parts.settings.current()?.endpoints.get(made.json.id)?.fallback).toBeNull();
    expect((await api.get(`/api/v1/endpoints/${made.json.id}`)).json.fallback).toBeNull();
  });

  it('lose no change when many are made at once', async () => {
    const made = await api.post('/api/v1/endpoints', hook());
    const at = `/api/v1/endpoints/${made.json.id}`;
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) => api.patch(at, { config: { headers: { [`x-${i}`]: String(i) } } })),
    );
    expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(200));
    expect(Object.keys((await api.get(at)).json.config.headers)).toHaveLength(12);
  });

  it('of one name are created once, however many requests arrive at once', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => api.post('/api/v1/endpoints', hook())));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

describe('policies', () => {
  it.each(['cpu-high', '*x', 'a/b/c', 'ü 😀 %', '..%2f', 'a?b#c', '"\'`', '%', 'x'.repeat(256)])(
    'are created, shown, changed and deleted under the key %j',
    async (key) => {
      const at = `/api/v1/policies/${encodeURIComponent(key)}`;
      const made = await api.post('/api/v1/policies', { key });
      expect(made).toMatchObject({
        status: 201,
        json: { key, name: key, team: 'default', endpoints: [], match: null, enabled: true },
      });
      expect((await api.get(at)).json).toEqual(made.json);
      expect((await api.patch(at, { ...made.json, enabled: false })).json).toMatchObject({ key, enabled: false });
      expect((await api.delete(at)).status).toBe(204);
      expect((await api.get(at)).status).toBe(404);
    },
  );

  it('are found by the endpoint they link to', async () => {
    const { json } = await api.post('/api/v1/endpoints', hook({ policies: [`one ${n}`, `two ${n}`] }));
    const found = await api.get(`/api/v1/policies?endpoint=${json.id}`);
    expect(found.json.items.map((item: { key: string }) => item.key)).toEqual([`one ${n}`, `two ${n}`]);
    expect((await api.get('/api/v1/policies?endpoint=none')).json).toEqual({ items: [], nextCursor: null });
  });

  it('take a match, and merge into it', async () => {
    const key = `match ${n}`;
    const at = `/api/v1/policies/${encodeURIComponent(key)}`;
    await api.post('/api/v1/policies', { key, match: { region: 'gz', object: '~host-\\d+' } });
    expect((await api.patch(at, { match: { region: null, zone: 'a' } })).json.match).toEqual({
      object: '~host-\\d+',
      zone: 'a',
    });
    expect((await api.patch(at, { match: null })).json.match).toBeNull();
    expect(api.parts.settings.current()?.formerLinks).toEqual([]);
  });
});

describe('deliveries', () => {
  const record = (over: Partial<OutcomeRecord>): OutcomeRecord => ({
    deliveryId: `del-${n}-${Math.random().toString(36).slice(2)}`,
    revision: 1,
    status: 'delivered',
    endpointId: `ep-${n}`,
    endpointName: 'ops',
    team: 'default',
    channel: 'http',
    target: 'https://example.com',
    event: { id: 'e1', policy: 'cpu', object: 'host 1', level: 'fatal', title: 'hot', content: 'c\u0000' },
    attempt: { n: 1, startedAt: Date.now(), durationMs: 7, outcome: 'delivered', code: '200', excerpt: 'ok' },
    attemptCount: 1,
    createdAt: Date.now(),
    recordedAt: Date.now(),
    ...over,
  });

  it('are filtered and shown with every attempt', async () => {
    const dead = record({
      status: 'dead',
      attempt: {
        n: 1,
        startedAt: Date.now(),
        durationMs: 7,
        outcome: 'rejected',
        code: '410',
        message: 'gone',
        excerpt: 'no such hook',
      },
    });
    const records = [
      record({}),
      dead,
      ...Array.from({ length: 5 }, (_, i) => record({ createdAt: Date.now() - i * 1_000 })),
    ];
    await api.parts.deliveries.record(records);
    const of = `/api/v1/deliveries?endpoint=ep-${n}`;
    expect((await api.get(of)).json.items).toHaveLength(7);
    expect((await api.get(`${of}&status=dead`)).json.items).toMatchObject([
      { id: dead.deliveryId, lastError: 'gone', partial: [], nextAttemptAt: null },
    ]);
    expect((await api.get(`${of}&object=host%201&policy=cpu&level=fatal&channel=http`)).json.items).toHaveLength(7);
    const from = new Date(Date.now() - 60_000).toISOString().replace('Z', '+00:00');
    expect((await api.get(`${of}&from=${from}`)).json.items).toHaveLength(7);
    expect((await api.get(`${of}&from=${encodeURIComponent(from)}&to=${encodeURIComponent(from)}`)).json.items).toEqual(
      [],
    );

    const first = await api.get(`${of}&limit=4`);
    const second = await api.get(`${of}&limit=4&cursor=${first.json.nextCursor}`);
    expect(second.json.nextCursor).toBeNull();
    const ids = [...first.json.items, ...second.json.items].map((item: { id: string }) => item.id);
    expect(ids.sort()).toEqual(records.map((one) => one.deliveryId).sort());

    const shown = await api.get(`/api/v1/deliveries/${dead.deliveryId}`);
    expect(shown.json).toMatchObject({
      status: 'dead',
      event: { policy: 'cpu', content: 'c\u0000' },
      attempts: [{ n: 1, outcome: 'rejected', code: '410', message: 'gone', excerpt: 'no such hook', durationMs: 7 }],
    });
    expect(first.json.items[0]).not.toHaveProperty('event');
    expect(shown.json).toMatchObject({ fallbackOf: null, replayOf: null });
  });

  it('name the delivery that they replace or replay', async () => {
    const fallback = record({ targetId: 't1', episode: 7, fallbackOf: 'd1' });
    const replay = record({ deliveryId: `${fallback.deliveryId}_r2`, fallbackOf: 'd1' });
    await api.parts.deliveries.record([fallback, replay]);
    const { items } = (await api.get(`/api/v1/deliveries?endpoint=ep-${n}`)).json;
    const byId = new Map(items.map((item: { id: string }) => [item.id, item]));
    expect(byId.get(fallback.deliveryId)).toMatchObject({ fallbackOf: 'd1', replayOf: null });
    expect(byId.get(replay.deliveryId)).toMatchObject({ fallbackOf: 'd1', replayOf: fallback.deliveryId });
    expect((await api.get(`/api/v1/deliveries/${replay.deliveryId}`)).json.replayOf).toBe(fallback.deliveryId);
  });
});

it('lists unrouted events, newest first', async () => {
  const key = unroutedKey('default');
  await api.parts.redis.del(key);
  for (let i = 0; i < 5; i += 1)
    await api.parts.redis.xadd(
      key,
      '*',
      'event',
      JSON.stringify({ event: { id: `e${i}` }, receivedAt: '2026-01-01T00:00:00.000Z' }),
    );
  await api.parts.redis.xadd(key, '*', 'event', 'broken');
  const first = await api.get('/api/v1/unrouted?limit=4');
  expect(first.json.items.map((item: { event: { id: string } | null }) => item.event?.id ?? null)).toEqual([
    null,
    'e4',
    'e3',
    'e2',
  ]);
  const second = await api.get(`/api/v1/unrouted?limit=4&cursor=${first.json.nextCursor}`);
  expect(second.json).toMatchObject({ items: [{ event: { id: 'e1' } }, { event: { id: 'e0' } }], nextCursor: null });
  expect((await api.get('/api/v1/unrouted?team=other')).json.items).toEqual([]);
});

it('shows channels page by page', async () => {
  const { items } = (await api.get('/api/v1/channels')).json;
  const types: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await api.get(`/api/v1/channels?limit=1${cursor ? `&cursor=${cursor}` : ''}`);
    expect(page.json.items).toHaveLength(1);
    types.push(page.json.items[0].type);
    cursor = page.json.nextCursor;
  } while (cursor);
  expect(types).toEqual(items.map((item: { type: string }) => item.type));
});

it('shows each channel with its schema, secrets marked', async () => {
  const { items } = (await api.get('/api/v1/channels')).json;
  const http = items.find((item: { type: string }) => item.type === 'http');
  expect(http).toMatchObject({
    label: 'Webhook',
    config: { type: 'object', required: ['url'], properties: { signingSecret: { writeOnly: true } } },
    limits: { rate: null },
    defaultRateLimit: null,
  });
  expect(http.variables.map((variable: { name: string }) => variable.name)).toContain('suppressed_count');
  expect(http.template.content.length).toBeGreaterThan(0);
});

it('answers an internal error with nothing but a number', async () => {
  const broken = {
    ...api.parts.stores,
    get: () => ({ list: () => Promise.reject(new TypeError('secret internals')) }),
  };
  const { createApp } = await import('../../../apps/api/src/create-app.js');
  const app = await createApp({
    ...api.parts,
    stores: broken as never,
    // The other application starts and stops them.
    connections: { start: () => {}, stop: async () => {} },
    verifyKey: () => ({ keyName: 'a', role: 'platform-admin', team: null }),
    metricsAuth: true,
  });
  const answer = await app.inject({ url: '/api/v1/policies', headers: { authorization: 'Bearer x' } });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('secret internals');
  expect(answer.json()).toMatchObject({ status: 500, incident: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect((await app.inject({ url: '/metrics' })).statusCode).toBe(401);
  await app.close();
});

it('applies a change made by another process within a second', async () => {
  const other = await openApi({
    databaseUrl: (
      await api.parts.database.run((manager) =>
        Promise.resolve(manager.connection.options as { extra: { connectionString: string } }),
      )
    ).extra.connectionString,
    skipMigration: true,
  });
  const made = await api.post('/api/v1/endpoints', hook());
  await waitFor(() => other.parts.settings.current()?.endpoints.has(made.json.id), { timeoutMs: 1_000 });
  await sleep(1);
  await other.close();
});
