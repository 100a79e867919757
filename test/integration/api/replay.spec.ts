import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { sharedRedisUrl, startRedis, waitFor } from '../../support/index.js';
import { Desk } from './deliveries-desk.js';
import { openApi } from './open-api.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open(sharedRedisUrl(6));
});
beforeEach(() => desk.redis.flushdb());
afterAll(() => desk.close());

const one = (id: string, query = '', body?: object, headers?: Record<string, string>) =>
  desk.api.post(`/api/v1/deliveries/${encodeURIComponent(id)}/replay${query}`, body, headers);
const many = (body: unknown, query = '', headers?: Record<string, string>) =>
  desk.api.post(`/api/v1/deliveries/replay${query}`, body, headers);

async function dead(objects = ['a'], level = 'fatal') {
  const endpoint = await desk.endpoint();
  await desk.fire(endpoint.policy, objects, level);
  return { ...endpoint, ids: await desk.end(endpoint.id, 'dead') };
}

describe('a replay of one delivery', () => {
  it('is a new delivery under the same id with a number, and the log names the replayed one', async () => {
    const { id, ids } = await dead();
    const answer = await one(ids[0] as string);
    expect([answer.status, answer.json]).toEqual([
      202,
      { replayed: 1, skipped: 0, skippedBecause: {}, id: `${ids[0]}_r1` },
    ]);
    await desk.end(id, 'delivered');
    const shown = (await desk.api.get(`/api/v1/deliveries/${ids[0]}_r1`)).json;
    expect(shown).toMatchObject({ status: 'delivered', replayOf: ids[0], event: { object: 'a' } });
    expect((await audit(desk.redis)).imbalance).toBe(0);
  });

  it('of a replay continues the numbers, and is not doubled while it waits', async () => {
    const { id, ids } = await dead();
    const base = ids[0] as string;
    const both = await Promise.all([one(base), one(base)]);
    expect(both.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect((await one(`${base}_r1`)).json.reason).toBe('underWay');
    await desk.end(id, 'dead');
    expect((await one(`${base}_r1`)).json.id).toBe(`${base}_r2`);
    expect(await desk.pending()).toEqual([`${base}_r2`]);
  });

  it('of a firing whose episode has ended needs force, in the body or the query', async () => {
    const { policy, ids } = await dead(['a', 'b']);
    const recovery = { policy, level: 'recovered' };
    await desk.api.post('/api/v1/events', [
      { ...recovery, object: 'a' },
      { ...recovery, object: 'b' },
    ]);
    const refused = await one(ids[0] as string);
    expect([refused.status, refused.json.reason]).toEqual([409, 'episodeEnded']);
    expect(refused.json.detail).toContain('its episode has ended: replay it with force=true to send it anyway');
    expect((await one(ids[0] as string, '?force=false')).status).toBe(409);
    expect((await one(ids[0] as string, '?force=true')).status).toBe(202);
    expect((await one(ids[1] as string, '', { force: true })).status).toBe(202);
  });

  it('with dryRun changes nothing', async () => {
    const { ids } = await dead();
    // Except for the calls that continue without requests: the expiry clock, and leader locks.
    const lasts = (key: string) => !/^tocsin:\{(lease|own-alerts)/.test(key);
    const keys = async () => (await desk.redis.keys('*')).filter(lasts).sort();
    const before = await keys();
    const answer = await one(ids[0] as string, '?dryRun=true');
    expect([answer.status, answer.json]).toEqual([202, { replayed: 1, skipped: 0, skippedBecause: {}, dryRun: true }]);
    expect(await keys()).toEqual(before);
    expect((await one(ids[0] as string, '?dryRun=true&force=true')).json).toMatchObject({ dryRun: true });
    expect(await desk.pending()).toEqual([]);
  });

  it('is refused with the reason in words', async () => {
    const endpoint = await desk.endpoint();
    const [waiting = ''] = await desk.fire(endpoint.policy, ['a']);
    expect((await one(waiting)).json).toMatchObject({ status: 409, reason: 'underWay' });
    const taken = await desk.take(endpoint.id);
    await desk.settle(endpoint.id, taken, { verdict: 'again' });
    expect((await one(waiting)).json).toMatchObject({ status: 409, reason: 'underWay' });
  });

  it('uses the present settings', async () => {
    const { id, ids } = await dead();
    const base = ids[0] as string;
    const patch = (body: object) => desk.api.patch(`/api/v1/endpoints/${id}`, body);
    await patch({ enabled: false });
    expect((await one(base)).json).toMatchObject({ status: 409, reason: 'endpointDisabled' });
    await desk.api.parts.database.run((manager) =>
      manager.query(`UPDATE deliveries SET target_id = 'removed' WHERE id = $1`, [base]),
    );
    await patch({ enabled: true });
    expect((await one(base)).json).toMatchObject({ status: 409, reason: 'targetRemoved' });
    await desk.api.delete(`/api/v1/endpoints/${id}?force=true`);
    expect((await one(base, '?force=true')).json).toMatchObject({ status: 409, reason: 'endpointDeleted' });
  });

  it.each(['nothing', '../../etc', 'a/b', '%00', 'y'.repeat(201), "' OR 1=1 --", 'é'])(
    'is a 404 for an unknown delivery: %s',
    async (id) => {
      expect((await one(id)).status).toBe(404);
      expect((await one(id, '?dryRun=true')).status).toBe(404);
    },
  );

  it('is for members of its team only', async () => {
    const { ids } = await dead();
    const base = ids[0] as string;
    for (const key of ['viewer-key', 'ingest-key'])
      expect((await one(base, '', {}, desk.api.as(key))).status).toBe(403);
    expect((await one(base, '', {}, { authorization: '' })).status).toBe(401);
    await desk.api.parts.database.run((manager) =>
      manager.query(`UPDATE deliveries SET team = 'other' WHERE id = $1`, [base]),
    );
    expect((await one(base, '', {}, desk.api.as('member-key'))).status).toBe(404);
    expect((await many({ policy: 'x' }, '', desk.api.as('viewer-key'))).status).toBe(403);
  });
});

describe('a replay by filter', () => {
  it('takes dead and cancelled deliveries, and delivered ones only on request', async () => {
    const endpoint = await desk.endpoint();
    const fire = (object: string) => desk.fire(endpoint.policy, [object]);
    await fire('a');
    await desk.end(endpoint.id, 'dead');
    await fire('b');
    await desk.end(endpoint.id, 'cancelled', 'endpoint disabled');
    await fire('c');
    await desk.end(endpoint.id, 'delivered');
    const counts = async (body: object) =>
      (await many({ ...body, endpoint: endpoint.id }, '?dryRun=true')).json.replayed;
    expect(await counts({})).toBe(2);
    expect(await counts({ status: 'dead' })).toBe(1);
    expect(await counts({ status: 'cancelled' })).toBe(1);
    expect(await counts({ status: 'delivered' })).toBe(1);
    const answer = await many({ endpoint: endpoint.id });
    expect([answer.status, answer.json]).toEqual([202, { replayed: 2, skipped: 0, skippedBecause: {} }]);
    expect(await desk.pending()).toHaveLength(2);
  });

  it('counts first, then replays the same deliveries, and counts skipped ones by reason', async () => {
    const first = await dead(Array.from({ length: 50 }, (_, i) => `o${i}`));
    const { policy } = first;
    await desk.api.post('/api/v1/events', [{ policy, object: 'o7', level: 'recovered' }]);
    await one(first.ids[3] as string);
    const body = { policy, status: 'dead' };
    const counted = await many(body, '?dryRun=true');
    const expected = { replayed: 48, skipped: 2, skippedBecause: { episodeEnded: 1, underWay: 1 } };
    expect(counted.json).toEqual({ ...expected, dryRun: true });
    expect((await many(body)).json).toEqual(expected);
    expect((await many(body)).json).toEqual({
      replayed: 0,
      skipped: 50,
      skippedBecause: { episodeEnded: 1, underWay: 49 },
    });
    expect((await many({ ...body, force: true })).json).toMatchObject({ replayed: 1, skipped: 49 });
    expect(await desk.pending()).toHaveLength(50);
    expect((await audit(desk.redis)).imbalance).toBe(0);
  });

  it('skips deliveries that a newer push replaced, and recoveries whose firing reached nobody', async () => {
    const endpoint = await desk.endpoint();
    await desk.fire(endpoint.policy, ['a', 'b', 'c']);
    const taken = await desk.take(endpoint.id);
    await desk.settle(endpoint.id, taken.slice(0, 1), { verdict: 'cancelled', reason: 'superseded' });
    await desk.settle(endpoint.id, taken.slice(1, 2), { verdict: 'cancelled', reason: 'firing not delivered' });
    await desk.settle(endpoint.id, taken.slice(2), { verdict: 'cancelled', reason: 'expired' });
    const answer = await many({ endpoint: endpoint.id });
    expect(answer.json).toEqual({ replayed: 1, skipped: 2, skippedBecause: { superseded: 1, firingDied: 1 } });
    expect((await one(taken[0]?.id ?? '')).json.detail).toContain('a newer one was sent instead');
    expect((await many({ endpoint: endpoint.id, force: true })).json).toMatchObject({ replayed: 2, skipped: 1 });
  });

  it('applies every filter, and treats special characters as text', async () => {
    const { id, policy } = await dead(['100%', '100_', '1000', "o'; DROP TABLE deliveries; --", 'x'.repeat(1_024)]);
    const counts = async (body: object) => {
      const { status, json } = await many({ policy, ...body }, '?dryRun=true');
      return status === 202 ? json.replayed : json.errors[0].path;
    };
    expect(await counts({ object: '100%' })).toBe(1);
    expect(await counts({ object: '100_' })).toBe(1);
    expect(await counts({ object: '%' })).toBe(0);
    expect(await counts({ object: "o'; DROP TABLE deliveries; --" })).toBe(1);
    expect(await counts({ object: 'x'.repeat(1_024) })).toBe(1);
    expect(await counts({ endpoint: id, channel: 'http', level: 'fatal', team: 'default' })).toBe(5);
    expect(await counts({ level: 'info' })).toBe(0);
    expect(await counts({ team: 'other' })).toBe(0);
    expect(await counts({ from: '2026-01-01T00:00:00Z', to: '2999-01-01T00:00:00+08:00' })).toBe(5);
    expect(await counts({ to: '2000-01-01T00:00:00Z' })).toBe(0);
    expect((await many({ policy }, '?dryRun=true', desk.api.as('member-key'))).json.replayed).toBe(5);
    expect((await many({ policy, team: 'other' }, '', desk.api.as('member-key'))).status).toBe(404);
  });

  it.each<[unknown, string]>([
    [{}, ''],
    [{ force: true }, ''],
    [[], ''],
    [{ status: 'waiting' }, 'status'],
    [{ status: 'retrying' }, 'status'],
    [{ status: ['dead'] }, 'status'],
    [{ status: 5 }, 'status'],
    [{ object: 5 }, 'object'],
    [{ policy: 'p'.repeat(257) }, 'policy'],
    [{ object: 'o'.repeat(1_025) }, 'object'],
    [{ object: '' }, 'object'],
    [{ level: 'loud' }, 'level'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
    [{ from: 'yesterday' }, 'from'],
    [{ from: 5 }, 'from'],
    [{ policy: 'p', force: 'true' }, 'force'],
    [{ policy: 'p', limit: 5 }, 'limit'],
    [{ policy: 'p', endpointId: 'x' }, 'endpointId'],
    [{ policy: 'p\u0000' }, 'policy'],
  ])('refuses %j, and names %j', async (body, path) => {
    const { status, json } = await many(body);
    expect([status, json.errors?.[0].path]).toEqual([400, path]);
  });

  it('names the filters and statuses', async () => {
    expect((await many({})).json.detail).toContain(
      'at least one filter: status, team, channel, endpoint, policy, object, level, digest, from, to',
    );
    const { detail } = (await many({ status: 'waiting' })).json;
    expect(detail).toBe(
      'status must be one of dead, cancelled, delivered, not "waiting": a waiting delivery is sent without a replay',
    );
  });

  it.each(['?dryRun=yes', '?dryRun=', '?dryRun=true&dryRun=false', '?force=true', '?dry_run=true'])(
    'refuses the query %s',
    async (query) => {
      expect((await many({ policy: 'p' }, query)).status).toBe(400);
    },
  );

  it('requires a body in JSON', async () => {
    expect((await desk.api.send('POST', '/api/v1/deliveries/replay')).status).toBe(400);
    expect((await desk.api.post('/api/v1/deliveries/replay', 'a=b', { 'content-type': 'text/plain' })).status).toBe(
      415,
    );
  });
});

it('of a recovery that reached nobody ends its episode, whose older firing is not sent any more', async () => {
  const endpoint = await desk.endpoint({ pushPeriod: '0s' });
  const [first = ''] = await desk.fire(endpoint.policy, ['a']);
  await desk.end(endpoint.id, 'delivered');
  const [second = ''] = await desk.fire(endpoint.policy, ['a']);
  await desk.end(endpoint.id, 'dead');
  const [recovery = ''] = await desk.fire(endpoint.policy, ['a'], 'recovered');
  await desk.end(endpoint.id, 'dead');
  const answer = await many({ endpoint: endpoint.id });
  expect(answer.json).toEqual({ replayed: 1, skipped: 1, skippedBecause: { episodeEnded: 1 } });
  expect(await desk.pending()).toEqual([`${recovery}_r1`]);
  expect([first, second]).not.toContain(recovery);
});

describe('a Redis that refuses replays', () => {
  it('is a 503 with the number replayed so far, and a repeated request continues', async () => {
    const server = await startRedis({ appendonly: true, maxmemory: '24mb' });
    const own = await Desk.open(server.url);
    const endpoint = await own.endpoint();
    const objects = Array.from({ length: 1_000 }, (_, i) => `o${i}`);
    const event = { policy: endpoint.policy, level: 'fatal', content: 'x'.repeat(12_000) };
    await own.api.parts.deliveries.record(
      objects.map((object, i) => ({
        deliveryId: `${object}-0a`,
        revision: 1,
        status: 'dead' as const,
        endpointId: endpoint.id,
        endpointName: 'e',
        team: 'default',
        channel: 'http',
        target: 't',
        targetId: 'url',
        episode: 1,
        event: { ...event, id: object, object } as never,
        attemptCount: 1,
        createdAt: Date.now() - 60_000 + i,
        recordedAt: Date.now(),
      })),
    );
    const ask = (query = '') => own.api.post(`/api/v1/deliveries/replay${query}`, { status: 'dead', force: true });
    expect((await ask('?dryRun=true')).json).toMatchObject({ replayed: 1_000, skipped: 0 });
    await own.redis.set('junk', 'x'.repeat(8_000_000));
    await sleep(1_100);
    const stopped = await ask();
    expect([stopped.status, stopped.json.detail]).toEqual([503, expect.stringContaining('too full')]);
    expect(Number(stopped.headers['retry-after'])).toBeGreaterThan(0);
    const { replayed } = stopped.json;
    expect(replayed).toBeGreaterThan(50);
    expect(replayed).toBeLessThan(1_000);
    expect(await own.pending()).toHaveLength(replayed);
    expect((await ask('?dryRun=true')).json).toMatchObject({ replayed: 1_000 - replayed, skipped: replayed });
    await own.redis.del('junk');
    await own.redis.config('SET', 'maxmemory', '200mb');
    await waitFor(async () => (await ask()).status === 202, { timeoutMs: 10_000 });
    expect(await own.pending()).toHaveLength(1_000);
    await own.close();
    await server.stop();
  }, 60_000);

  it('is a 503 while it is away', async () => {
    const { ids } = await dead();
    const server = await startRedis({ appendonly: true });
    const own = await openApi({ redisUrl: server.url, databaseUrl: desk.api.databaseUrl, skipMigration: true });
    await waitFor(async () => (await own.get('/readyz')).status === 200);
    await server.kill9();
    expect((await own.post(`/api/v1/deliveries/${ids[0]}/replay`, {})).status).toBe(503);
    expect((await own.post('/api/v1/deliveries/replay', { policy: 'p', status: 'dead' })).status).toBe(202);
    expect((await own.post('/api/v1/deliveries/replay', { status: 'dead', force: true })).status).toBe(503);
    await own.close();
    await server.stop();
  });
});
