import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { noTally, readStats, type Tally } from '#libs/mailbox';
import { createRedis, type RedisClient } from '#libs/redis';
import { startRedis, type TestRedis } from '../../support/index.js';

import { countStatistics } from './count-statistics.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Lengths of slots, by which a sum may cover more time. */
const SLACK = { minute: 10 * SECOND, hour: 5 * MINUTE, day: HOUR };
const LENGTH = { minute: MINUTE, hour: HOUR, day: DAY };

// A Redis of its own: a test counts the commands that the server ran.
let server: TestRedis;
let redis: RedisClient;
beforeAll(async () => {
  server = await startRedis();
  redis = createRedis({ kind: 'single', url: server.url }, 'work');
});
beforeEach(() => redis.flushdb());
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

type What = keyof Tally;
const tally = (at: number, endpoint: string, ...counts: (readonly [What, number])[]) =>
  countStatistics(redis, at, endpoint, ...counts);
const read = async (now: number, endpoint = 'e1') => (await readStats(redis, [endpoint], now)).get(endpoint);

it('returns zeros for an endpoint without events', async () => {
  expect(await read(Date.now())).toEqual({ minute: noTally(), hour: noTally(), day: noTally() });
});

it('counts everything of the last minute, hour and day, and little that is older', async () => {
  // A window may be too long by one slot, so every offset within a slot is tried.
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ ago: fc.integer({ min: 0, max: 26 * HOUR }), by: fc.integer({ min: 1, max: 1_000 }) }), {
        maxLength: 12,
      }),
      fc.integer({ min: 0, max: HOUR }),
      async (counts, offset) => {
        await redis.flushdb();
        const now = Date.now() - offset;
        for (const { ago, by } of counts) await tally(now - ago, 'e1', ['delivered', by]);
        const found = await read(now);
        for (const window of ['minute', 'hour', 'day'] as const) {
          const within = (ms: number) => counts.filter(({ ago }) => ago < ms).reduce((sum, { by }) => sum + by, 0);
          const { delivered } = found?.[window] ?? noTally();
          expect(delivered).toBeGreaterThanOrEqual(within(LENGTH[window]));
          expect(delivered).toBeLessThanOrEqual(within(LENGTH[window] + SLACK[window] + 1));
          expect(Number.isInteger(delivered)).toBe(true);
        }
      },
    ),
    { numRuns: 60 },
  );
});

it('separates endpoints and kinds, and sums the counts of one script', async () => {
  const now = Date.now();
  await tally(now, 'e1', ['delivered', 3], ['delivered', 4], ['dead', 1], ['suppressed', 500]);
  await tally(now, 'e2', ['retried', 2], ['cancelled', 5]);
  const found = await readStats(redis, ['e1', 'e2', 'e3', 'e1'], now);
  expect(found.get('e1')?.minute).toEqual({ ...noTally(), delivered: 7, dead: 1, suppressed: 500 });
  expect(found.get('e2')?.day).toEqual({ ...noTally(), retried: 2, cancelled: 5 });
  expect(found.get('e3')?.hour).toEqual(noTally());
  expect(found.size).toBe(3);
});

it('leaves no data behind: every counter expires, and costs three increments per kind and script', async () => {
  const now = Date.now();
  await tally(now, 'e1', ['delivered', 1]);
  const before = await commandCalls('hincrby');
  await tally(now, 'e1', ['delivered', 2], ['delivered', 2]);
  expect((await commandCalls('hincrby')) - before).toBe(3);
  const keys = await redis.keys('*stat:*');
  expect(keys).toHaveLength(3);
  for (const key of keys) {
    const ms = await redis.pttl(key);
    expect(ms).toBeGreaterThan(key.includes(':m:') ? MINUTE : key.includes(':h:') ? HOUR : DAY);
    expect(ms).toBeLessThan(DAY + 3 * HOUR);
  }
});

async function commandCalls(command: string): Promise<number> {
  const info = await redis.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(info)?.[1] ?? 0);
}
