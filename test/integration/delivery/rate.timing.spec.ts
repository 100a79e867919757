import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { startRedis, waitFor } from '../../support/index.js';
import { callsBeyond, callsDuring, idleCallsPerSecond, total } from './redis-calls.js';
import { mostInAnyWindow } from './windows.js';
import { httpEndpoint, Receiver, World } from './world.js';

/** A limit of 20 a minute, twenty times as fast. */
const LIMIT = { max: 20, perMs: 3_000 };
const WORKERS = 4;
const WAITING = 2_000;
const WINDOWS = 5;
/** Most difference of the network delay: two arrivals may be closer than their sends by this much. */
const WAY_MS = 100;
/** Most calls per delivery: 20 a minute with fewer than 5 calls a second. */
const CALLS_PER_DELIVERY = 15;

const redis = await startRedis();
const receiver = await Receiver.start();
const world = new World(redis.url);
beforeAll(async () => {
  for (let i = 0; i < WORKERS; i++) await world.startWorker();
});
beforeEach(() => {
  receiver.arrivals.length = 0;
  receiver.answer = () => 200;
});
afterEach(async () => {
  world.settings.set([]);
  await waitFor(async () => (await audit(world.redis)).pending === 0, { timeoutMs: 20_000, what: 'an empty ledger' });
  expect((await audit(world.redis)).imbalance).toBe(0);
});
afterAll(async () => {
  await world.stop();
  await receiver.stop();
  await redis.stop();
});

const post = (policy: string, count: number, name = 'o') =>
  world.post(Array.from({ length: count }, (_, i) => ({ level: 'fatal' as const, policy, object: `${name}${i}` })));
const times = (path?: string) =>
  receiver.arrivals.filter((arrival) => path === undefined || arrival.path === path).map(({ at }) => at);

describe('over four workers, with 2,000 waiting', () => {
  it('at most 20 sends, including retries, arrive in any window, and the limit is used', async () => {
    // Some failures: a retry is a send like any other.
    receiver.answer = (_, nth) => (nth === 0 && receiver.arrivals.length % 7 === 0 ? 503 : 200);
    world.settings.set([httpEndpoint(`${receiver.url}/limited`, { rateLimit: LIMIT })]);
    await post('p', WAITING);
    await sleep(WINDOWS * LIMIT.perMs);
    const most = mostInAnyWindow(times(), LIMIT.perMs - WAY_MS);
    console.log(
      `${times().length} sends in ${WINDOWS} windows; at most ${most} in any (${mostInAnyWindow(times(), LIMIT.perMs)} by arrival to the millisecond)`,
    );
    expect(most).toBeLessThanOrEqual(LIMIT.max);
    expect(times().length).toBeGreaterThan(0.7 * WINDOWS * LIMIT.max);
  }, 60_000);

  it('a limited delivery takes fewer than 15 calls to Redis, regardless of the backlog', async () => {
    await sleep(1_000);
    const idle = await idleCallsPerSecond(redis.url, 6_000);
    world.settings.set([httpEndpoint(`${receiver.url}/counted`, { rateLimit: LIMIT })]);
    await post('p', WAITING);
    // The sends of the first window go at once; the cost of waiting shows after it.
    await sleep(LIMIT.perMs / 2);
    const before = times().length;
    const ms = 3 * LIMIT.perMs;
    const calls = callsBeyond(await callsDuring(redis.url, () => sleep(ms)), idle, ms);
    const delivered = times().length - before;
    const perDelivery = total(calls) / delivered;
    console.log(
      `${perDelivery.toFixed(1)} calls a limited delivery (${delivered}): ${JSON.stringify(Object.fromEntries(calls))}`,
    );
    expect(delivered).toBeGreaterThan(LIMIT.max);
    expect(perDelivery).toBeLessThan(CALLS_PER_DELIVERY);
  }, 60_000);
});

it('there is no burst at the edge of a window, at any time of the load in it', async () => {
  world.settings.set([httpEndpoint(`${receiver.url}/edge`, { rateLimit: LIMIT })]);
  for (const [round, share] of [0.5, 0.8, 0.95].entries()) {
    // One send opens a window; the load comes late in it. Separate windows would let two loads through.
    await post('p', 1, `opens${round}-`);
    await sleep(LIMIT.perMs * share);
    await post('p', 2 * LIMIT.max, `load${round}-`);
    await sleep(LIMIT.perMs * 1.2);
  }
  expect(mostInAnyWindow(times(), LIMIT.perMs - WAY_MS)).toBeLessThanOrEqual(LIMIT.max);
  expect(times().length).toBeGreaterThan(3 * LIMIT.max);
}, 60_000);

describe('of two endpoints with one credential', () => {
  it.each([
    ['another limit', { max: 40, perMs: 2_000 }],
    ['no limit', null],
  ])(
    'the lowest limit applies to both together, the other having %s',
    async (_, other) => {
      const lowest = { max: 8, perMs: 2_000 };
      const url = `${receiver.url}/shared`;
      world.settings.set(
        [
          httpEndpoint(url, { id: 'strict', rateLimit: lowest }),
          httpEndpoint(url, { id: 'other', rateLimit: other }),
          httpEndpoint(`${receiver.url}/apart`, { id: 'apart' }),
        ],
        true,
      );
      await Promise.all([post('strict', 200), post('other', 200), post('apart', 200)]);
      await waitFor(() => times('/apart').length === 200, { what: 'the endpoint with a credential of its own' });
      await sleep(5 * lowest.perMs);
      const of = (policy: string) => receiver.arrivals.filter(({ body }) => body.policy === policy).length;
      console.log(`one credential: ${of('strict')} sends of the strict endpoint, ${of('other')} of the other`);
      expect(mostInAnyWindow(times('/shared'), lowest.perMs - WAY_MS)).toBeLessThanOrEqual(lowest.max);
      // Each gets its share of at least one window, usually of five.
      expect(Math.min(of('strict'), of('other'))).toBeGreaterThanOrEqual(lowest.max / 2);
    },
    60_000,
  );
});

it('a raised or removed limit applies at once to waiting deliveries', async () => {
  const endpoint = (rateLimit: typeof LIMIT | null) => httpEndpoint(`${receiver.url}/raised`, { rateLimit });
  world.settings.set([endpoint({ max: 1, perMs: 60_000 })]);
  await post('p', 100);
  await sleep(1_500);
  expect(times()).toHaveLength(1);
  world.settings.set([endpoint(null)]);
  await waitFor(() => times().length === 100, { timeoutMs: 3_000, what: 'all that waited' });
}, 30_000);
