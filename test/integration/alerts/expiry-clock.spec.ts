import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createExpiryClock, type ExpiryClock } from '#libs/alerts';
import { createRedis, type RedisClient } from '#libs/redis';
import { startRedis, type TestRedis } from '../../support/index.js';

const START = Date.parse('2026-01-01T00:00:00Z');

let server: TestRedis;
let redis: RedisClient;
/** The clocks of Redis and of the process. */
const time = { redis: START, process: 0 };
let clock: ExpiryClock;
const process = () => createExpiryClock(redis, { elapsed: () => time.process, now: () => time.redis });
beforeAll(async () => {
  server = await startRedis();
  redis = createRedis({ kind: 'single', url: server.url }, 'work');
});
beforeEach(async () => {
  await redis.flushall();
  time.redis = START;
  clock = process();
  await clock.beat();
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

function pass(ms: number): void {
  time.redis += ms;
  time.process += ms;
}

it('moves on between beats of any process, and stands still in a pause of more than three seconds', async () => {
  const other = process();
  for (let i = 0; i < 10; i++) {
    pass(1_500);
    await (i % 2 === 0 ? clock : other).beat();
  }
  expect(await clock.beat()).toMatchObject({ shows: START + 15_000, resumed: START });
  pass(60_000);
  expect(await other.beat()).toMatchObject({ shows: START + 15_000, resumed: START + 15_000 });
  pass(1_000);
  expect(await clock.beat()).toMatchObject({ shows: START + 16_000, resumed: START + 15_000 });
});

it('is extrapolated within a process for two seconds; a later reading is a beat', async () => {
  pass(1_900);
  expect(await clock.read()).toEqual({ shows: START + 1_900, resumed: START });
  pass(1_000);
  expect(await clock.read()).toMatchObject({ shows: START + 2_900, resumed: START });
  pass(10_000);
  expect(await clock.read()).toMatchObject({ shows: START + 2_900, resumed: START + 2_900 });
});

it('never goes back, even if the clock of Redis does', async () => {
  time.redis -= 500;
  expect(await clock.beat()).toMatchObject({ shows: START, resumed: START });
  time.redis -= 3_600_000;
  expect(await clock.beat()).toMatchObject({ shows: START, resumed: START });
  time.redis += 1_000;
  expect(await clock.beat()).toMatchObject({ shows: START + 1_000 });
  await redis.flushall();
  time.redis = START + 7_200_000;
  expect(await clock.beat()).toMatchObject({ shows: START + 7_200_000, resumed: START + 7_200_000 });
});

it('starts from the clock of Redis', async () => {
  await redis.flushall();
  const own = createExpiryClock(redis, { elapsed: () => time.process });
  const [seconds = ''] = await redis.time();
  const { shows } = await own.beat();
  expect(Math.abs(shows - Number(seconds) * 1_000)).toBeLessThan(60_000);
});
