import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRedis } from '#libs/redis';
import { sharedRedisUrl, startRedis, waitFor } from '../../support/index.js';
import { type Api, openApi, openSink } from './open-api.js';

const EVENTS = '/api/v1/events';
const NDJSON = { 'content-type': 'application/x-ndjson' };
const redisUrl = sharedRedisUrl(8);
const redis = createRedis({ kind: 'single', url: redisUrl }, 'work');
const event = (over: Record<string, unknown> = {}) => ({ policy: 'cpu', object: 'host', level: 'fatal', ...over });

let api: Api;
beforeAll(async () => {
  api = await openApi({ redisUrl });
  await openSink(api, ['cpu']);
});
beforeEach(() => redis.flushdb());
afterAll(async () => {
  redis.disconnect();
  await api.close();
});

describe('posted events', () => {
  it('are answered with counts by result, as the contract defines them', async () => {
    const batch = [
      event({ object: 'a', id: 'one' }),
      event({ object: 'a' }),
      event({ object: 'b', level: 'info' }),
      event({ object: 'c', level: 'recovered' }),
      event({ object: 'd', level: 'severe' }),
      event({ object: 'e', policy: 'nobody takes it' }),
      event({ object: 'f', id: 'one' }),
    ];
    const { status, json } = await api.post(EVENTS, batch);
    expect(status).toBe(202);
    expect(json).toEqual({
      received: 7,
      queued: 1,
      suppressed: { period: 1, frequency: 0, level: 1, silenced: 0, disabled: 0, recovery: 1 },
      unrouted: 1,
      duplicates: 1,
      rejected: [
        {
          index: 4,
          errors: [
            { path: 'level', message: 'must be one of fatal, error, nodata, warning, info, recovered, not "severe"' },
          ],
        },
      ],
    });
  });

  it('may be one object, and detail=true returns the result of each by endpoint', async () => {
    const { status, json } = await api.post(`${EVENTS}?detail=true`, event({ id: 'mine' }));
    expect(status).toBe(202);
    expect(json.results).toEqual([
      {
        index: 0,
        id: 'mine',
        result: 'taken',
        endpoints: [
          expect.objectContaining({ endpointName: 'sink', result: 'queued', deliveryId: expect.any(String) }),
        ],
      },
    ]);
    const again = await api.post(`${EVENTS}?detail=true`, event({ id: 'mine' }));
    expect(again.json).toMatchObject({ queued: 0, duplicates: 1, results: [{ result: 'duplicate' }] });
    expect(again.json.results[0].endpoints[0].deliveryId).toBe(json.results[0].endpoints[0].deliveryId);
  });

  it('may be a stream of lines; invalid ones are rejected by their index', async () => {
    const lines = [
      JSON.stringify(event({ object: '1' })),
      '{"policy":',
      '',
      JSON.stringify(event({ object: '2' })),
      'null',
    ];
    const { status, json } = await api.post(EVENTS, lines.join('\n'), NDJSON);
    expect(status).toBe(202);
    expect(json).toMatchObject({ received: 4, queued: 2 });
    expect(json.rejected.map(({ index }: { index: number }) => index)).toEqual([1, 3]);
  });

  it('may be many more in a stream than in an array', async () => {
    const lines = Array.from({ length: 12_000 }, (_, i) => JSON.stringify(event({ object: `o${i % 10}` })));
    const { json } = await api.post(EVENTS, lines.join('\r\n'), NDJSON);
    expect(json).toMatchObject({ received: 12_000, queued: 10, suppressed: { period: 11_990 } });
  });

  it('that no policy takes are listed, newest first', async () => {
    await api.post(EVENTS, [
      event({ policy: 'x', title: 'first' }),
      event({ policy: 'x', title: 'second', content: 'y'.repeat(60_000) }),
    ]);
    const { json } = await api.get('/api/v1/unrouted');
    expect(json.items.map((item: { event: { title: string } }) => item.event.title)).toEqual(['second', 'first']);
    expect(JSON.stringify(json.items[0]).length).toBeLessThan(2_000);
  });

  it('find a policy that another process has just created', async () => {
    const other = await openApi({ redisUrl, databaseUrl: api.databaseUrl, skipMigration: true });
    await waitFor(async () => (await other.get('/readyz')).status === 200);
    await other.post('/api/v1/endpoints', {
      name: 'brand new',
      channel: 'http',
      config: { url: 'http://127.0.0.1:9/' },
      policies: ['brand-new'],
    });
    const { json } = await api.post(EVENTS, event({ policy: 'brand-new' }));
    expect(json).toMatchObject({ queued: 1, unrouted: 0 });
    await other.close();
  });
});

describe('bad input', () => {
  const tooLong = 'x'.repeat(70_000);
  const manyNames = Object.fromEntries(Array.from({ length: 1_200_000 }, (_, i) => [i.toString(36), '']));
  it.each([
    ['no body', undefined, '', 400],
    ['an empty array', [], '', 400],
    ['5,001 events', Array.from({ length: 5_001 }, () => event()), '', 400],
    ['a number', 7, '', 400],
    ['null', null, '', 400],
    ['an array in an array', [[event()]], '0', 400],
    ['no policy', { object: 'o', level: 'fatal' }, 'policy', 400],
    ['an empty policy', event({ policy: '' }), 'policy', 400],
    ['a policy of 257 characters', event({ policy: 'p'.repeat(257) }), 'policy', 400],
    ['an object of 1,025 characters', event({ object: 'p'.repeat(1_025) }), 'object', 400],
    ['an unknown level', event({ level: 'FATAL' }), 'level', 400],
    ['an unknown field', event({ severity: 'high' }), 'severity', 400],
    ['an id with a line break', event({ id: 'a\nb' }), 'id', 400],
    ['an empty id', event({ id: '' }), 'id', 400],
    ['an id of 129 characters', event({ id: 'i'.repeat(129) }), 'id', 400],
    ['a value that is text', event({ value: 'high' }), 'value', 400],
    ['labels that are no texts', event({ labels: { a: 1 } }), 'labels.a', 400],
    ['labels that are a list', event({ labels: ['a'] }), 'labels', 400],
    ['a time that is none', event({ startsAt: 'yesterday' }), 'startsAt', 400],
    ['two bad events', [event({ level: 1 }), event({ object: 2 })], '0.level', 400],
    ['an event of over 64 KiB', event({ content: tooLong }), '', 413],
    ['an event of 1.2 million labels', event({ labels: manyNames }), '', 413],
  ])('%s is refused, naming the field', async (_, body, path, status) => {
    const answer = await api.post(EVENTS, body);
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    if (body !== undefined) expect(answer.json.errors[0].path).toBe(path);
  });

  it('of one event in a batch is rejected by its field, also in the results', async () => {
    const batch = `[${JSON.stringify(event())},{"policy":"cpu","object":"b","level":"fatal","id":"mine","labels":{"__proto__":"x"}}]`;
    const { status, json } = await api.post(`${EVENTS}?detail=true`, batch);
    expect(status).toBe(202);
    expect(json).toMatchObject({ queued: 1, rejected: [{ index: 1, errors: [{ path: 'labels.__proto__' }] }] });
    expect(json.results[1]).toEqual({ index: 1, id: 'mine', result: 'rejected', endpoints: [] });
  });

  it('of one event, however deep and large, affects only that event', async () => {
    const names = JSON.stringify(Object.fromEntries(Array.from({ length: 12_000 }, (_, i) => [`k${i}`, ''])));
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const hostile = `{"policy":"cpu","object":"b","level":"fatal","labels":${names},"x":${deep}}`;
    const { status, json } = await api.post(EVENTS, `[${JSON.stringify(event())},${hostile}]`);
    expect(status).toBe(202);
    expect(json).toMatchObject({ queued: 1, rejected: [{ index: 1, errors: [{ path: '' }] }] });
  });

  it('that is not UTF-8 is refused, since two names could become one', async () => {
    const gbk = Buffer.concat([
      Buffer.from('{"policy":"cpu","level":"fatal","object":"'),
      Buffer.from([0xd6, 0xf7]),
      Buffer.from('"}'),
    ]);
    expect((await api.post(EVENTS, gbk)).json.detail).toContain('UTF-8');
    const lines = Buffer.concat([gbk, Buffer.from(`\n${JSON.stringify(event())}`)]);
    const { json } = await api.post(EVENTS, lines, NDJSON);
    expect(json).toMatchObject({ queued: 1, rejected: [{ index: 0, errors: [{ message: 'is not UTF-8' }] }] });
    const latin = await api.post(EVENTS, event(), { 'content-type': 'application/json; charset=iso-8859-1' });
    expect(latin.status).toBe(415);
  });

  it('does not affect valid events beside it', async () => {
    const { status, json } = await api.post(EVENTS, [event({ content: tooLong }), event()]);
    expect(status).toBe(202);
    expect(json).toMatchObject({
      queued: 1,
      rejected: [{ index: 0, errors: [{ message: expect.stringContaining('65536') }] }],
    });
  });

  it.each([
    ['text/plain', 'x', 415],
    ['application/json', '{', 400],
    ['application/json', '{"__proto__":{}}', 400],
    ['application/json', `[${'1,'.repeat(9_000_000)}1]`, 413],
    ['application/x-ndjson', '', 400],
    ['application/x-ndjson', 'not json\n', 400],
    ['application/x-ndjson', `{"policy":"${'x'.repeat(200_000)}"}\n`, 413],
  ])('%s of the wrong kind is refused', async (type, body, status) => {
    expect((await api.post(EVENTS, body, { 'content-type': type })).status).toBe(status);
  });

  it('of a query is refused', async () => {
    expect((await api.post(`${EVENTS}?detail=yes`, event())).json.errors[0].path).toBe('detail');
    expect((await api.post(`${EVENTS}?details=true`, event())).json.errors[0].path).toBe('details');
  });
});

it('no event is acknowledged while Redis is away, may lose data or is too full', async () => {
  const own = await startRedis({ appendonly: true, maxmemory: '32mb' });
  const alone = await openApi({ redisUrl: own.url, databaseUrl: api.databaseUrl, skipMigration: true });
  const post = async () => (await alone.post(EVENTS, event({ policy: 'x' }))).status;
  await waitFor(async () => (await post()) === 202, { what: 'events to be taken' });

  const filler = createRedis({ kind: 'single', url: own.url }, 'work');
  for (let i = 0; i < 27; i++) await filler.set(`filler${i}`, 'x'.repeat(1_000_000));
  await waitFor(async () => (await post()) === 503, { what: 'a full Redis to be noticed' });
  const full = await alone.post(EVENTS, event());
  expect(full.headers['retry-after']).toBe('5');
  expect(full.json.detail).toContain('too full');
  for (let i = 0; i < 27; i++) await filler.del(`filler${i}`);
  await waitFor(async () => (await post()) === 202, { what: 'room again' });

  await filler.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await waitFor(async () => (await post()) === 503, { what: 'the eviction policy to be noticed' });
  expect((await alone.get('/readyz')).text).toContain('noeviction');
  await filler.config('SET', 'maxmemory-policy', 'noeviction');
  await waitFor(async () => (await post()) === 202, { what: 'events to be taken again' });

  await own.kill9();
  expect(await post()).toBe(503);
  await own.restart();
  await waitFor(async () => (await post()) === 202, { what: 'events to be taken after the restart' });
  filler.disconnect();
  await alone.close();
  await own.stop();
}, 60_000);

it('no event is acknowledged before the first settings are known', async () => {
  const alone = await openApi({ redisUrl, databaseUrl: 'postgres://nobody@127.0.0.1:9/none', skipMigration: true });
  const answer = await waitFor(async () => {
    const found = await alone.post(EVENTS, event());
    return found.json.detail.includes('settings') && found;
  });
  expect(answer.status).toBe(503);
  expect((await alone.get('/readyz')).status).toBe(503);
  await alone.close();
});

it('a team over its quota gets the time of the next try', async () => {
  const limited = await openApi({
    redisUrl,
    databaseUrl: api.databaseUrl,
    skipMigration: true,
    env: { TOCSIN_TEAM_QUOTA: '10' },
  });
  await waitFor(async () => (await limited.get('/readyz')).status === 200);
  expect(
    (
      await limited.post(
        EVENTS,
        Array.from({ length: 10 }, () => event()),
      )
    ).status,
  ).toBe(202);
  const over = await limited.post(EVENTS, event());
  expect(over.status).toBe(429);
  expect(Number(over.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(over.headers['retry-after'])).toBeLessThanOrEqual(60);
  await limited.close();
});
