import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, createMailboxes, readLedger } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';
import { startRedis } from '../../support/index.js';
import { httpEndpoint, World } from './world.js';

const TARGETS = 700;
const redis = await startRedis();
const world = new World(redis.url);
beforeAll(async () => {
  world.settings.set(
    Array.from({ length: TARGETS }, (_, i) => httpEndpoint('http://127.0.0.1:9/', { id: `e${i}` })),
    true,
  );
  await world.post(
    Array.from({ length: TARGETS }, (_, i) => ({ level: 'fatal' as const, policy: `e${i}`, object: 'o' })),
  );
});
afterAll(async () => {
  await world.stop();
  await redis.stop();
});

/** The same server used as a node of a Cluster, where every call must be for one shard. */
const asCluster = (client: RedisClient): RedisClient =>
  new Proxy(client, {
    get: (of, name) => {
      if (name === 'isCluster') return true;
      const value = Reflect.get(of, name) as unknown;
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });

async function scriptCalls(act: () => Promise<unknown>): Promise<number> {
  const calls = async () =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(String(await world.redis.info('commandstats')))?.[1]);
  const before = await calls();
  await act();
  return (await calls()) - before;
}

describe.each([
  ['one server', (client: RedisClient) => client, 1],
  ['a Cluster', asCluster, 64],
])('on %s a round of all shards', (_, as, least) => {
  it('recounts every delivery', async () => {
    expect(await audit(as(world.redis))).toMatchObject({ admitted: TARGETS, pending: TARGETS, imbalance: 0 });
    const ledger = await readLedger(as(world.redis));
    expect(ledger.get('admitted')).toBe(TARGETS);
    expect(await scriptCalls(() => readLedger(as(world.redis)))).toBe(least);
  });

  it('finds every overdue target of its channels once, in short runs, and skips other channels', async () => {
    const later = Date.now() + (least === 1 ? 60_000 : 120_000);
    const mailboxes = createMailboxes(as(world.redis), { now: () => later });
    expect((await mailboxes.overdueTurns(['email'])).maybeLost).toEqual([]);
    let found: { target: string }[] = [];
    const calls = await scriptCalls(async () => {
      found = (await mailboxes.overdueTurns(['email', 'http'])).maybeLost;
    });
    expect(new Set(found.map(({ target }) => target)).size).toBe(TARGETS);
    expect(found).toHaveLength(TARGETS);
    expect(calls).toBeGreaterThanOrEqual(Math.max(least, TARGETS / 200));
    expect((await mailboxes.overdueTurns(['http'])).maybeLost).toEqual([]);
  });

  it('finds every sleeping turn', async () => {
    const keys = await world.redis.keys('tocsin:{s*}:box:*:turn');
    await Promise.all(keys.map((key) => world.redis.hset(key, 'state', 'asleep', 'seen', 'x')));
    const asleep = await createMailboxes(as(world.redis)).sleepingTurns();
    expect(new Set(asleep.map(({ target }) => target)).size).toBe(TARGETS);
    await Promise.all(keys.map((key) => world.redis.hset(key, 'state', 'queued')));
  });
});
