import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit, createMailboxes, outcomesKey, shardOf } from '#libs/mailbox';
import { startRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, Receiver, World } from './world.js';

const redis = await startRedis({ appendonly: true });
const receiver = await Receiver.start();
const world = new World(redis.url);
beforeAll(() => world.startWorker());
beforeEach(() => {
  receiver.arrivals.length = 0;
  receiver.answer = () => 200;
  receiver.delayMs = 0;
  receiver.headers = {};
});
afterEach(async () => {
  world.settings.set([]);
  await drained(30_000);
});
afterAll(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

const drained = (timeoutMs = 10_000) =>
  waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs, what: 'an empty ledger' });

async function scriptCalls(): Promise<number> {
  const stats = String(await world.redis.info('commandstats'));
  return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

it('an event that arrives while a turn begins to sleep for an hour is delivered at once', async () => {
  receiver.headers = { 'retry-after': '3600' };
  receiver.answer = ({ body }) => (String(body.object).startsWith('slow') ? 503 : 200);
  const endpoints = Array.from({ length: 20 }, (_, i) => httpEndpoint(receiver.url, { id: `sleeper${i}` }));
  world.settings.set(endpoints, true);
  await Promise.all(
    endpoints.map(async ({ id }, e) => {
      for (let i = 0; i < 30; i++) {
        await world.post([{ level: 'fatal', policy: id, object: `slow-${i}` }]);
        await sleep((i + e) % 9);
        await world.post([{ level: 'fatal', policy: id, object: `quick-${i}` }]);
        const arrived = () => receiver.arrivals.some(({ body }) => body.policy === id && body.object === `quick-${i}`);
        await waitFor(arrived, { timeoutMs: 3_000, intervalMs: 5, what: `the quick event ${i} of ${id}` });
      }
    }),
  );
}, 60_000);

it('the work for a delivery depends neither on its receiver’s speed nor on the backlog', async () => {
  receiver.delayMs = 100;
  world.settings.set([httpEndpoint(receiver.url)]);
  const before = await scriptCalls();
  const began = Date.now();
  await world.post(Array.from({ length: 20 }, () => ({ level: 'fatal' as const, object: 'one key' })));
  await drained();
  const idlePerSecond = 4;
  const seconds = (Date.now() - began) / 1_000;
  // The test itself audits fifty times a second.
  const own = seconds * (idlePerSecond + 50);
  expect((await scriptCalls()) - before - own).toBeLessThan(20 * 15);
}, 30_000);

it('hanging receivers leave slots of a worker to receivers that answer', async () => {
  receiver.answer = ({ path }) => (path === '/hang' ? 'hang' : 200);
  const hanging = Array.from({ length: 5 }, (_, i) =>
    httpEndpoint(`${receiver.url}/hang`, { id: `hang${i}`, config: { timeout: '20s' } }),
  );
  world.settings.set([...hanging, httpEndpoint(receiver.url, { id: 'answers' })], true);
  for (const { id } of hanging) {
    await world.post(Array.from({ length: 300 }, (_, i) => ({ level: 'fatal' as const, policy: id, object: `o${i}` })));
  }
  await sleep(2_000);
  for (let i = 0; i < 10; i++) {
    await world.post([{ level: 'fatal', policy: 'answers', object: `o${i}` }]);
    await waitFor(() => receiver.arrivals.filter(({ path }) => path === '/').length > i, { timeoutMs: 1_000 });
  }
}, 60_000);

describe('a change of settings', () => {
  it('that disables an endpoint cancels waiting deliveries at once, though its receiver hangs', async () => {
    receiver.answer = () => 'hang';
    world.settings.set([httpEndpoint(receiver.url, { config: { timeout: '15s' } })]);
    await world.post(Array.from({ length: 200 }, (_, i) => ({ level: 'fatal' as const, object: `hangs${i}` })));
    await waitFor(() => receiver.arrivals.length >= 10);
    world.settings.set([]);
    await waitFor(async () => (await audit(world.redis)).cancelled >= 190, { timeoutMs: 4_000 });
  }, 30_000);

  it('applies to an event that is accepted later, though an earlier turn still runs', async () => {
    for (let round = 0; round < 6; round++) {
      world.settings.set([httpEndpoint(receiver.url)]);
      await world.queue.pause();
      await world.post(Array.from({ length: 600 }, (_, i) => ({ level: 'fatal' as const, object: `a${round}-${i}` })));
      world.settings.set([httpEndpoint(receiver.url, { enabled: false })]);
      await world.queue.resume();
      await waitFor(async () => (await audit(world.redis)).pending < 500, { intervalMs: 1 });
      world.settings.set([httpEndpoint(receiver.url)]);
      const [id] = await world.post([{ level: 'fatal', object: `b${round}` }]);
      await drained();
      await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === id));
    }
  }, 40_000);

  it('made while no worker ran is found by the next one', async () => {
    receiver.headers = { 'retry-after': '3600' };
    receiver.answer = () => 429;
    const alone = new World(redis.url);
    alone.settings.set([httpEndpoint(receiver.url, { id: 'alone' })]);
    world.settings.set([httpEndpoint(receiver.url, { id: 'alone' })]);
    const [id] = await world.post([{ level: 'fatal', object: 'waits an hour' }]);
    const mailboxes = createMailboxes(world.redis);
    await waitFor(async () => (await mailboxes.sleepingTurns()).some(({ target }) => target.startsWith('alone.')));
    await world.stopWorkers();
    alone.settings.set([httpEndpoint(receiver.url, { id: 'alone', enabled: false })]);
    await alone.startWorker();
    await waitFor(() => alone.recordsOf(id as string).some(({ reason }) => reason === 'endpoint disabled'));
    await alone.stop();
    await world.startWorker();
  }, 30_000);

  it('that this process cannot read ends no delivery, and waiting ones continue when it can', async () => {
    world.settings.set([httpEndpoint(receiver.url)]);
    await world.queue.pause();
    const [id] = await world.post([{ level: 'fatal', object: 'waits' }]);
    world.settings.set([httpEndpoint(receiver.url, { enabled: false, unreadable: 'another key' })]);
    await world.queue.resume();
    await sleep(1_000);
    expect((await audit(world.redis)).pending).toBe(1);
    await expect(world.post([{ level: 'fatal', object: 'new' }])).rejects.toThrow('cannot be read');
    world.settings.set([httpEndpoint(receiver.url)]);
    await waitFor(() => receiver.arrivals.some((arrival) => arrival.id === id));
  }, 20_000);
});

describe('the record of a delivery', () => {
  it('names team and endpoint, even if it begins after the endpoint was deleted', async () => {
    world.settings.set([httpEndpoint(receiver.url, { id: 'gone', name: 'ops receiver', team: 'default' })]);
    await world.queue.pause();
    const [id] = await world.post([{ level: 'fatal', object: 'late' }]);
    world.settings.set([]);
    await world.queue.resume();
    await waitFor(() => world.recordsOf(id as string).length > 0);
    expect(world.recordsOf(id as string)[0]).toMatchObject({
      status: 'cancelled',
      reason: 'endpoint deleted',
      endpointId: 'gone',
      endpointName: 'ops receiver',
      team: 'default',
      channel: 'http',
    });
  });

  it('is written although an entry before it cannot be read', async () => {
    world.settings.set([httpEndpoint(receiver.url)]);
    await world.redis.xadd(outcomesKey(shardOf('e1')), '*', 'id', 'strange', 'status', 'of another version');
    const [id] = await world.post([{ level: 'fatal', object: 'after a strange one' }]);
    await waitFor(() => world.recordsOf(id as string).length > 0);
  });
});

it('a full Redis refuses new events before they fill it further, and is drained', async () => {
  world.settings.set([httpEndpoint(receiver.url)]);
  await world.queue.pause();
  await world.post(Array.from({ length: 500 }, (_, i) => ({ level: 'fatal' as const, object: `full${i}` })));
  await world.redis.config('SET', 'maxmemory', '1mb');
  await expect(world.post([{ level: 'fatal', object: 'too much' }])).rejects.toThrow('OOM');
  await world.redis.config('SET', 'maxmemory', '0');
  await world.queue.resume();
  await drained();
  expect(receiver.arrivals.filter(({ body }) => String(body.object).startsWith('full'))).toHaveLength(500);
}, 20_000);
