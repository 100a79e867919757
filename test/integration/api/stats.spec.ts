import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createMailboxes, shardOf, shardPrefix } from '#libs/mailbox';
import { sharedRedisUrl, startRedis, waitFor } from '../../support/index.js';
import { countStatistics } from '../delivery/count-statistics.js';
import { type Api, type Json, openApi } from './open-api.js';

let api: Api;
const redis = new Redis(sharedRedisUrl(13));
beforeAll(async () => {
  api = await openApi({ redisUrl: sharedRedisUrl(13) });
  await waitFor(async () => (await api.get('/readyz')).status === 200);
});
beforeEach(() => redis.flushdb());
afterAll(async () => {
  redis.disconnect();
  await api.close();
});

let serial = 0;
async function make(over: object = {}): Promise<{ id: string; name: string }> {
  const name = `endpoint ${serial++}`;
  const body = { name, channel: 'http', config: { url: 'https://ops.example.com/hook/s3cret' }, pushPeriod: '0s' };
  const answer = await api.post('/api/v1/endpoints', { ...body, ...over });
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([201, expect.anything()]);
  return answer.json;
}
const policyFor = async (endpoint: string, key = `policy-${serial++}`, team?: string): Promise<string> => {
  const answer = await api.post('/api/v1/policies', { key, name: key, endpoints: [endpoint], ...(team && { team }) });
  expect([answer.status, answer.text.slice(0, 200)]).toEqual([201, expect.anything()]);
  return key;
};
const fire = async (policy: string, ...objects: string[]) => {
  const events = objects.map((object) => ({ policy, object, level: 'fatal', title: `title of ${object}` }));
  const answer = await api.post('/api/v1/events?detail=true', events);
  expect(answer.json).toMatchObject({ queued: objects.length });
  return answer.json.results.map((result: { endpoints: { deliveryId: string }[] }) => result.endpoints[0]?.deliveryId);
};
const boxOf = async (endpoint: string) => {
  const prefix = shardPrefix(shardOf(endpoint));
  const member = (await redis.zrange(`${prefix}turns`, 0, '-1')).find((name) => name.includes(`/${endpoint}.`)) ?? '';
  const target = member.slice(member.indexOf('/') + 1);
  return { target, key: (part: string) => `${prefix}box:${target}:${part}` };
};
async function settleFirst(endpoint: string, verdict: 'again' | 'delivered'): Promise<string> {
  const { target, key } = await boxOf(endpoint);
  const ref = { channel: 'http', target };
  const mailboxes = createMailboxes(redis);
  const job = Number(await redis.hget(key('turn'), 'job'));
  const rules = { endpointInfo: undefined, pushPeriodMs: 0, expireAfterMs: 86_400_000, fallback: '', open: true };
  const taking = await mailboxes.take(ref, { job, callId: 'x', max: 1 }, rules);
  const { id, attempt } = taking?.deliveries[0] ?? { id: '', attempt: 0 };
  await mailboxes.settle(ref, [{ id, attempt, verdict, delayMs: 60_000, failures: 1 }], rules);
  await mailboxes.endTurn(ref, job, { ...rules, seen: 'seen', settings: '' });
  return id;
}

describe('GET /api/v1/stats', () => {
  const stats = async (query = '') => (await api.get(`/api/v1/stats${query}`)).json;
  const lineOf = async (id: string): Promise<Json> =>
    (await stats()).endpoints.find((line: { endpointId: string }) => line.endpointId === id);

  it('shows for each endpoint the backlog, since when and why, and the recent counts', async () => {
    const endpoint = await make();
    const policy = await policyFor(endpoint.id);
    const began = Date.now();
    await fire(policy, 'a', 'b', 'c');
    await settleFirst(endpoint.id, 'again');
    const { key } = await boxOf(endpoint.id);
    await redis.hset(key('turn'), { state: 'asleep', why: 'failing', until: Date.now() + 30_000 });
    const health = { fails: 6, since: began, hold: Date.now() + 30_000, why: 'failing', error: 'connect ECONNREFUSED' };
    await redis.hset(key('health'), health);
    await countStatistics(redis, undefined, endpoint.id, ['dead', 2], ['suppressed', 40]);

    const line = await lineOf(endpoint.id);
    expect(line).toMatchObject({
      endpointName: endpoint.name,
      team: 'default',
      channel: 'http',
      enabled: true,
      waiting: 3,
      running: 0,
      minute: { dead: 2, suppressed: 40 },
      hour: { dead: 2, suppressed: 40 },
      day: { dead: 2, suppressed: 40 },
    });
    expect(line.targets).toEqual([
      {
        target: 'https://ops.example.com',
        targetId: expect.any(String),
        waiting: 3,
        ready: 2,
        retrying: 1,
        replaying: 0,
        behind: 0,
        running: 0,
        waitingSince: expect.stringMatching(/^2/),
        state: 'failing',
        until: expect.stringMatching(/^2/),
        failures: 6,
        failingSince: new Date(began).toISOString(),
        lastError: 'connect ECONNREFUSED',
      },
    ]);
    expect(Math.abs(Date.parse(line.targets[0].waitingSince) - began)).toBeLessThan(10_000);
    expect((await stats()).channels[0]).toMatchObject({ channel: 'http', waiting: 3, minute: { dead: 2 } });
    expect(JSON.stringify(await stats())).not.toContain('s3cret');
  });

  it('lists endpoints in trouble first, and idle ones too', async () => {
    const [idle, queued, sleeping, broken] = [await make(), await make(), await make(), await make()];
    for (const { id } of [queued, sleeping, broken]) await fire(await policyFor(id), 'a');
    const asleep = { state: 'asleep', why: 'rate', until: Date.now() + 30_000 };
    await redis.hset((await boxOf(sleeping.id)).key('turn'), asleep);
    const health = { fails: 1, since: Date.now(), hold: Date.now() - 1, why: 'misconfigured', error: '401' };
    await redis.hset((await boxOf(broken.id)).key('health'), health);
    const { endpoints } = await stats();
    const mine = [idle, queued, sleeping, broken].map(({ id }) => id);
    const order = endpoints.filter((line: { endpointId: string }) => mine.includes(line.endpointId));
    expect(order.map((line: { endpointId: string }) => line.endpointId)).toEqual([
      broken.id,
      sleeping.id,
      queued.id,
      idle.id,
    ]);
    expect(order.map((line: { targets: { state: string }[] }) => line.targets[0]?.state)).toEqual([
      'misconfigured',
      'rate limited',
      'queued',
      'idle',
    ]);
  });

  it('shows a deleted endpoint while deliveries wait there', async () => {
    const endpoint = await make();
    await fire(await policyFor(endpoint.id), 'a');
    expect((await api.delete(`/api/v1/endpoints/${endpoint.id}?force=true`)).status).toBe(204);
    await waitFor(() => !api.parts.settings.current()?.endpoints.has(endpoint.id));
    expect(await lineOf(endpoint.id)).toMatchObject({
      endpointName: endpoint.name,
      channel: 'http',
      enabled: false,
      waiting: 1,
    });
    await redis.flushdb();
    expect(await lineOf(endpoint.id)).toBeUndefined();
  });

  it('shows endpoints of a team to its keys, and nothing to keys that may not read', async () => {
    const mine = await make();
    await fire(await policyFor(mine.id), 'a');
    for (const key of ['viewer-key', 'member-key', 'admin-key-of-team']) {
      const { status, json } = await api.get('/api/v1/stats', api.as(key));
      expect(status).toBe(200);
      expect(new Set(json.endpoints.map((line: { team: string }) => line.team))).toEqual(new Set(['default']));
    }
    expect((await api.get('/api/v1/stats', api.as('ingest-key'))).status).toBe(403);
    expect((await api.get('/api/v1/stats', { authorization: '' })).status).toBe(401);
    expect((await api.get('/api/v1/stats?team=other', api.as('viewer-key'))).status).toBe(404);
    expect(await stats('?team=other')).toMatchObject({ channels: [], endpoints: [] });
    expect((await api.get('/api/v1/stats?tem=x')).status).toBe(400);
  });

  it('answers 503 while Redis is away', async () => {
    const server = await startRedis({ appendonly: true });
    const own = await openApi({ redisUrl: server.url });
    await waitFor(async () => (await own.get('/api/v1/stats')).status === 200);
    await server.kill9();
    const { status, headers, json } = await own.get('/api/v1/stats');
    expect([status, json.title]).toEqual([503, 'Service Unavailable']);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect((await own.get('/api/v1/deliveries?status=waiting&endpoint=x')).status).toBe(503);
    await own.close();
    await server.stop();
  });
});

describe('waiting deliveries', () => {
  const list = (query: string, headers?: Record<string, string>) =>
    api.get(`/api/v1/deliveries?status=waiting&${query}`, headers);

  it('are listed by their endpoint, in the format of the log', async () => {
    const endpoint = await make();
    const policy = await policyFor(endpoint.id);
    const [id] = await fire(policy, 'a');
    const { status, json } = await list(`endpoint=${endpoint.id}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      items: [
        {
          id,
          eventId: expect.any(String),
          endpointId: endpoint.id,
          endpointName: endpoint.name,
          team: 'default',
          channel: 'http',
          target: 'https://ops.example.com',
          policy,
          object: 'a',
          level: 'fatal',
          title: 'title of a',
          status: 'waiting',
          reason: null,
          attemptCount: 0,
          lastError: null,
          partial: [],
          createdAt: expect.stringMatching(/^2/),
          finishedAt: null,
          nextAttemptAt: null,
          fallbackOf: null,
          replayOf: null,
          digest: null,
        },
      ],
      nextCursor: null,
    });
    await settleFirst(endpoint.id, 'again');
    expect((await list(`endpoint=${endpoint.id}`)).json.items).toEqual([]);
  });

  it('name the delivery that they replay or replace', async () => {
    const endpoint = await make();
    const [id] = await fire(await policyFor(endpoint.id), 'a');
    const { key } = await boxOf(endpoint.id);
    const record = (await redis.hgetBuffer(key('rec'), id)) as Buffer;
    await redis.hset(key('rec'), `${id}_r2`, record, `${id}_f0a`, record, `${id}_f0a-2`, record);
    const { items } = (await list(`endpoint=${endpoint.id}`)).json;
    const origins = items.map((item: { id: string; fallbackOf: string; replayOf: string }) => [
      item.id,
      item.fallbackOf,
      item.replayOf,
    ]);
    expect(origins.sort()).toEqual([
      [id, null, null],
      [`${id}_f0a`, id, null],
      [`${id}_f0a-2`, id, null],
      [`${id}_r2`, null, id],
    ]);
  });

  it('are filtered and paged', async () => {
    const endpoint = await make();
    const [p, q] = [await policyFor(endpoint.id), await policyFor(endpoint.id)];
    await fire(p, ...Array.from({ length: 30 }, (_, i) => `o${i}`));
    await fire(q, 'o1', 'other');
    const objects = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      let cursor: string | null = '';
      do {
        const { json } = await list(`endpoint=${endpoint.id}&limit=4&${query}${cursor && `&cursor=${cursor}`}`);
        expect(json.items.length).toBeLessThanOrEqual(4);
        found.push(...json.items.map((item: { object: string }) => item.object));
        cursor = json.nextCursor;
      } while (cursor !== null);
      return found.sort();
    };
    expect(await objects('')).toHaveLength(32);
    expect(await objects(`policy=${q}`)).toEqual(['o1', 'other']);
    expect(await objects('object=o1')).toEqual(['o1', 'o1']);
    expect(await objects(`object=o1&policy=${p}&level=fatal&channel=http`)).toEqual(['o1']);
    expect(await objects('level=info')).toEqual([]);
    expect(await objects('channel=email')).toEqual([]);
    expect(await objects(`from=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await objects(`to=${new Date(Date.now() + 60_000).toISOString()}`)).toHaveLength(32);
  });

  it.each([
    ['', 'endpoint'],
    ['limit=5', 'endpoint'],
    ['endpoint=e&cursor=nonsense', 'cursor'],
    [`endpoint=e&cursor=${Buffer.from(JSON.stringify(['f.t', '0', ''])).toString('base64url')}`, 'cursor'],
    [`endpoint=e&cursor=${Buffer.from(JSON.stringify(['e.t', '0; x', ''])).toString('base64url')}`, 'cursor'],
  ])('are not listed for %j: the answer names %s', async (query, path) => {
    const { status, json } = await list(query);
    expect([status, json.errors[0].path]).toEqual([400, path]);
  });

  it('are shown one by one before the log has them, and only to their team', async () => {
    const endpoint = await make();
    const [id] = await fire(await policyFor(endpoint.id), 'a');
    const get = (headers?: Record<string, string>) => api.get(`/api/v1/deliveries/${id}`, headers);
    expect((await get(api.as('viewer-key'))).json).toMatchObject({
      id,
      status: 'waiting',
      event: { object: 'a', level: 'fatal' },
      attempts: [],
    });
    await settleFirst(endpoint.id, 'again');
    expect((await get()).json).toMatchObject({
      status: 'retrying',
      attemptCount: 1,
      nextAttemptAt: expect.any(String),
    });
    const { key } = await boxOf(endpoint.id);
    const about = JSON.parse((await redis.hget(key('turn'), 'about')) ?? '{}');
    await redis.hset(key('turn'), 'about', JSON.stringify({ ...about, team: 'other' }));
    expect((await get(api.as('viewer-key'))).status).toBe(404);
    expect((await list(`endpoint=${endpoint.id}`, api.as('viewer-key'))).json.items).toEqual([]);
    expect((await get()).status).toBe(200);
    expect((await api.get('/api/v1/deliveries/unknown00')).status).toBe(404);
  });
});
