import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { sharedRedisUrl, startRedis, waitFor } from '../../support/index.js';
import { Desk } from './deliveries-desk.js';
import { openApi } from './open-api.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open(sharedRedisUrl(2));
});
beforeEach(() => desk.redis.flushdb());
afterAll(() => desk.close());

const one = (id: string, query = '', headers?: Record<string, string>) =>
  desk.api.post(`/api/v1/deliveries/${encodeURIComponent(id)}/cancel${query}`, {}, headers);
const many = (body: unknown, query = '', headers?: Record<string, string>) =>
  desk.api.post(`/api/v1/deliveries/cancel${query}`, body, headers);

describe('cancelling one delivery', () => {
  it('ends a waiting delivery, is recorded in the log, and allows a replay', async () => {
    const { policy } = await desk.endpoint();
    const [id = ''] = await desk.fire(policy, ['a']);
    const dry = await one(id, '?dryRun=true');
    expect([dry.status, dry.json]).toEqual([202, { cancelled: 1, skipped: 0, skippedBecause: {}, dryRun: true }]);
    expect(await desk.pending()).toEqual([id]);
    expect((await one(id)).json).toEqual({ cancelled: 1, skipped: 0, skippedBecause: {} });
    expect(await desk.pending()).toEqual([]);
    await desk.record();
    const shown = (await desk.api.get(`/api/v1/deliveries/${id}`)).json;
    expect(shown).toMatchObject({ status: 'cancelled', reason: 'by an operator' });
    expect(await audit(desk.redis)).toMatchObject({ cancelled: 1, pending: 0, imbalance: 0 });
    expect((await one(id)).json).toMatchObject({ status: 409, reason: 'over' });
    expect((await desk.api.post(`/api/v1/deliveries/${id}/replay?force=true`, {})).status).toBe(202);
  });

  it('cancels a delivery that waits for its next try, but none being sent', async () => {
    const { id: endpoint, policy } = await desk.endpoint();
    const [id = ''] = await desk.fire(policy, ['a']);
    const taken = await desk.take(endpoint);
    for (const query of ['', '?dryRun=true'])
      expect((await one(id, query)).json).toMatchObject({
        status: 409,
        reason: 'inFlight',
        detail: 'this delivery cannot be cancelled: it is being sent right now',
      });
    await desk.settle(endpoint, taken, { verdict: 'again' });
    expect((await one(id)).status).toBe(202);
    expect((await audit(desk.redis)).imbalance).toBe(0);
  });

  it('is a 404 for an unknown delivery, and for one of another team', async () => {
    const { id: endpoint, policy } = await desk.endpoint({ team: 'default' });
    const [id = ''] = await desk.fire(policy, ['a']);
    for (const unknown of ['nothing', 'a/b', '%', 'ü', 'x'.repeat(201)]) expect((await one(unknown)).status).toBe(404);
    for (const key of ['viewer-key', 'ingest-key']) expect((await one(id, '', desk.api.as(key))).status).toBe(403);
    await desk.setTeam(endpoint, 'other');
    expect((await one(id, '', desk.api.as('member-key'))).status).toBe(404);
    expect((await many({ endpoint }, '', desk.api.as('member-key'))).json).toMatchObject({ cancelled: 0 });
    expect((await many({ team: 'other' }, '?dryRun=true')).json).toMatchObject({ cancelled: 1 });
    expect(await desk.pending()).toEqual([id]);
  });
});

describe('cancelling by filter', () => {
  it('counts first, then cancels the same deliveries, except those in flight and those that do not match', async () => {
    const [first, second] = [await desk.endpoint(), await desk.endpoint({ pushPeriod: '0s' })];
    await desk.fire(first.policy, ['kept']);
    const objects = Array.from({ length: 600 }, (_, i) => `o${i % 400}`);
    await desk.fire(second.policy, objects.slice(0, 600));
    const taken = await desk.take(second.id, 3);
    expect(taken).toHaveLength(3);
    const body = { policy: second.policy };
    const expected = { cancelled: 597, skipped: 3, skippedBecause: { inFlight: 3 } };
    expect((await many(body, '?dryRun=true')).json).toEqual({ ...expected, dryRun: true });
    expect(await desk.pending()).toHaveLength(601);
    expect((await many(body)).json).toEqual(expected);
    expect((await many(body)).json).toEqual({ cancelled: 0, skipped: 3, skippedBecause: { inFlight: 3 } });
    expect(await desk.pending()).toHaveLength(4);
    await desk.settle(second.id, taken, { verdict: 'delivered' });
    expect(await audit(desk.redis)).toMatchObject({ cancelled: 597, delivered: 3, pending: 1, imbalance: 0 });
  });

  it('applies every filter', async () => {
    const { id: endpoint, policy } = await desk.endpoint();
    await desk.fire(policy, ['a', 'b', 'c*']);
    const taken = await desk.take(endpoint, 1);
    await desk.settle(endpoint, taken, { verdict: 'again' });
    const counts = async (body: object) => (await many(body, '?dryRun=true')).json.cancelled;
    expect(await counts({ endpoint })).toBe(3);
    expect(await counts({ status: 'waiting' })).toBe(2);
    expect(await counts({ status: 'retrying' })).toBe(1);
    expect(await counts({ object: 'c*' })).toBe(1);
    expect(await counts({ object: '*' })).toBe(0);
    expect(await counts({ endpoint: `${endpoint}.url` })).toBe(0);
    expect(await counts({ channel: 'http', level: 'fatal', policy, team: 'default' })).toBe(3);
    expect(await counts({ channel: 'slack' })).toBe(0);
    expect(await counts({ level: 'info' })).toBe(0);
    expect(await counts({ from: '2999-01-01T00:00:00Z' })).toBe(0);
    expect(await counts({ to: '2999-01-01T00:00:00Z' })).toBe(3);
  });

  it.each<[unknown, string]>([
    [{}, ''],
    [{ status: 'dead' }, 'status'],
    [{ status: 'delivered' }, 'status'],
    [{ policy: 'p', force: true }, 'force'],
    [{ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }, 'from'],
    [{ endpoint: 5 }, 'endpoint'],
    [{ endpoint: null }, 'endpoint'],
  ])('refuses %j, and names %j', async (body, path) => {
    const { status, json } = await many(body);
    expect([status, json.errors?.[0].path]).toEqual([400, path]);
  });

  it('names the statuses that can be cancelled', async () => {
    expect((await many({ status: 'dead' })).json.detail).toBe(
      'status must be one of waiting, retrying, not "dead": only waiting deliveries can be cancelled',
    );
  });

  it('works without the database, and is a 503 while Redis is away', async () => {
    const server = await startRedis({ appendonly: true });
    const own = await openApi({ redisUrl: server.url });
    await waitFor(async () => (await own.get('/readyz')).status === 200);
    expect((await own.post('/api/v1/deliveries/cancel', { policy: 'p' })).status).toBe(202);
    await server.kill9();
    expect((await own.post('/api/v1/deliveries/cancel', { policy: 'p' })).status).toBe(503);
    expect((await own.post('/api/v1/deliveries/b0000000a/cancel', {})).status).toBe(503);
    await own.close();
    await server.stop();
  });
});
