import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createRates, gatherRateLimits, meterOfTarget } from '#libs/delivery';
import { createRedis } from '#libs/redis';
import { sharedRedisUrl } from '../../support/index.js';
import { endpoint } from './harness.js';

const MINUTE = 60_000;
const redis = createRedis({ kind: 'single', url: sharedRedisUrl(14) }, 'work');
let now = 0;
let tokens = 0;
const rates = createRates(
  redis,
  () => `t${tokens++}`,
  () => now,
);
const limited = (...limits: [max: number, perMs: number][]) => ({
  meter: 'm',
  limits: limits.map(([max, perMs]) => ({ max, perMs })),
});
const ask = (count: number, { target = 'a', metered = limited([20, MINUTE]), certain = true } = {}) =>
  rates.ask(metered, { target, count, certain, takesMs: 20_000 });

beforeEach(async () => {
  await redis.flushdb();
  now = Date.parse('2026-01-01T00:00:00Z');
});
afterAll(() => redis.disconnect());

describe('sends of a credential', () => {
  it('count until one window after their end, however long they took', async () => {
    const first = await ask(20);
    expect(first.count).toBe(20);
    now += 5_000;
    await first.finish(20);
    now += MINUTE - 1;
    expect(await ask(1)).toMatchObject({ count: 0, waitMs: 1 });
    now += 1;
    expect((await ask(20)).count).toBe(20);
  });

  it('that are not needed are returned at once', async () => {
    const first = await ask(20);
    await first.use(1);
    expect((await ask(19, { target: 'b' })).count).toBe(19);
  });

  it('in progress make others ask again soon, since their end is unknown', async () => {
    await ask(20);
    const other = await ask(1, { target: 'b' });
    expect(other.count).toBe(0);
    expect(other.waitMs).toBeLessThanOrEqual(1_000);
  });

  it('of a worker that died count from their latest possible end', async () => {
    await ask(20);
    now += 20_000 + MINUTE - 1;
    expect((await ask(1)).count).toBe(0);
    now += 1;
    expect((await ask(1)).count).toBe(1);
  });

  it('count though Redis lost their grant', async () => {
    const first = await ask(20);
    await redis.flushdb();
    await first.finish(20);
    expect((await ask(1)).count).toBe(0);
  });

  it('are granted within all limits: the lowest wins, regardless of its endpoint', async () => {
    const both = limited([5, 1_000], [8, MINUTE]);
    const first = await ask(20, { metered: both });
    expect(first.count).toBe(5);
    await first.finish(5);
    now += 1_000;
    const second = await ask(20, { metered: both });
    expect(second.count).toBe(3);
    await second.finish(3);
    now += 1_000;
    expect((await ask(20, { metered: both })).waitMs).toBe(MINUTE - 2_000);
  });

  it('are stored for the longest window, also after a request that does not know it', async () => {
    await (await ask(8, { metered: limited([8, MINUTE]) })).finish(8);
    now += 10_000;
    await ask(1, { metered: limited([5, 1_000]) });
    expect((await ask(1, { metered: limited([8, MINUTE]) })).count).toBe(0);
  });
});

describe('targets that share a credential', () => {
  it('get equal shares if the rate is not enough for all', async () => {
    await (await ask(20)).finish(20);
    expect((await ask(20, { target: 'b' })).count).toBe(0);
    now += MINUTE;
    const first = await ask(20);
    expect(first.count).toBe(10);
    await first.finish(10);
    expect((await ask(20)).count).toBe(0);
    expect((await ask(20, { target: 'b' })).count).toBe(10);
  });

  it('take nothing from each other by requests above their backlog', async () => {
    for (let i = 0; i < 9; i++) {
      const quiet = await ask(50, { target: `quiet${i}`, certain: false });
      await quiet.use(i === 0 ? 1 : 0);
      await quiet.finish(i === 0 ? 1 : 0);
    }
    expect((await ask(50)).count).toBe(19);
  });

  it('wait during a pause that the provider requested', async () => {
    await rates.pause(limited([20, MINUTE]), 30_000);
    expect(await ask(1)).toMatchObject({ count: 0, waitMs: 30_000 });
    now += 30_000;
    expect((await ask(1)).count).toBe(1);
  });
});

describe('the limits of a credential', () => {
  const target = { id: 't', credential: 'https://example.com/', credentialIsPublic: true };
  const channelOf = () => ({ targets: () => [target] }) as never;
  const limitsFor = (...all: ReturnType<typeof endpoint>[]) => {
    const settings = { version: 1, endpoints: new Map(all.map((e) => [e.id, e])), policies: [], formerLinks: [] };
    return gatherRateLimits(settings, channelOf).of(meterOfTarget(all[0] as never, target));
  };

  it('are those of all enabled endpoints that use it, in a fixed order', () => {
    const a = endpoint({ id: 'a', rateLimit: { max: 20, perMs: MINUTE } });
    const b = endpoint({ id: 'b', rateLimit: { max: 5, perMs: 1_000 } });
    const off = endpoint({ id: 'c', enabled: false, rateLimit: { max: 1, perMs: MINUTE } });
    const expected = [b.rateLimit, a.rateLimit];
    expect(limitsFor(a, b, off)).toEqual(expected);
    expect(limitsFor(b, a, off)).toEqual(expected);
  });

  it('are not set by another team that knows the address', () => {
    const own = endpoint({ id: 'a' });
    const stranger = endpoint({ id: 'b', team: 'strangers', rateLimit: { max: 1, perMs: MINUTE } });
    expect(limitsFor(own, stranger)).toEqual([]);
  });
});
