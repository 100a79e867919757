import { afterAll, beforeAll, expect, it } from 'vitest';
import { channelByType } from '#libs/channels';
import { createIntake, createOwnAlerts, parseEvent, takeOwnAlert, URGENT } from '#libs/intake';
import { listWaiting } from '#libs/operations';
import { CALM_MS } from '#libs/own-alerts';
import { createRedis, MARKS, type RedisWatch, watchRedis } from '#libs/redis';
import { createLogger } from '#libs/telemetry';
import { startRedis, type TestRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, TestSettings } from '../delivery/world.js';

const JUNK_BYTES = 100_000;

let server: TestRedis;
let watch: RedisWatch;
let redis: ReturnType<typeof createRedis>;
beforeAll(async () => {
  server = await startRedis({ appendonly: true, maxmemory: '32mb' });
  redis = createRedis({ kind: 'single', url: server.url }, 'work');
  watch = watchRedis(redis, { allowUnsafe: false });
});
afterAll(async () => {
  watch.stop();
  redis.disconnect();
  await server.stop();
});

const share = async (): Promise<number> => {
  const info = String(await redis.info('memory'));
  return Number(/^used_memory:(\d+)/m.exec(info)?.[1]) / Number(/^maxmemory:(\d+)/m.exec(info)?.[1]);
};
let junk = 0;
/** Fills or empties Redis to a share of its memory, and waits until the watch has seen it. */
async function fillTo(wanted: number): Promise<void> {
  while ((await share()) < wanted) await redis.set(`junk${junk++}`, 'x'.repeat(JUNK_BYTES));
  while ((await share()) > wanted + 0.01 && junk > 0) await redis.del(`junk${--junk}`);
  await waitFor(() => Math.abs(watch.fullness() - wanted) < 0.02, { what: `the watch to see ${wanted}` });
}

it('a Redis near its mark is reported while no other events are taken in, and so is its recovery', async () => {
  const settings = new TestSettings();
  settings.set([httpEndpoint('http://127.0.0.1:9/', { id: 'ops', pushPeriodMs: 3_600_000 })]);
  const intake = createIntake({
    redis,
    watch,
    settings,
    channelOf: channelByType,
    wake: async () => {},
    teamQuota: 0,
    count: () => {},
    countRefused: () => {},
  });
  const time = { now: Date.now() };
  const check = createOwnAlerts({
    redis,
    settings,
    targetsOf: ({ channel, config }) => channelByType(channel)?.targets(config) ?? [],
    fullness: watch.fullness,
    take: (event, team) => takeOwnAlert(intake, event, team),
    lang: 'en',
    now: () => time.now,
    log: createLogger('api', 'silent'),
  });
  /** Levels of the own alerts that wait at the endpoint. */
  const levels = async () => {
    const { items } = await listWaiting(redis, 'ops', { limit: 10, accept: () => true });
    return items.map(({ event }) => event.level).sort();
  };
  const post = () =>
    intake.take([parseEvent({ id: `${Math.random()}`, policy: 'p', object: 'o', level: 'fatal' })], { team: null });

  await fillTo(0.5);
  await check();
  expect(await levels()).toEqual([]);
  await fillTo(0.76);
  await check();
  await check();
  expect(await levels()).toEqual(['warning']);
  await fillTo(0.85);
  await expect(post()).rejects.toThrow('too full');
  await check();
  await check();
  expect(await levels()).toEqual(['fatal', 'warning']);
  await fillTo(0.93);
  expect(intake.whyClosed(URGENT.mark)).toContain('too full');
  expect(MARKS.shed).toBe(URGENT.mark);
  await fillTo(0.68);
  await check();
  time.now += 10 * CALM_MS;
  await check();
  expect(await levels()).toEqual(['fatal', 'warning']);
  await fillTo(0.5);
  await check();
  time.now += CALM_MS;
  await check();
  await check();
  expect(await levels()).toEqual(['fatal', 'recovered', 'warning']);
}, 60_000);
