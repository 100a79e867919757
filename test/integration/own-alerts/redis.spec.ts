import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdmitter } from '#libs/admission';
import { channelByType, channels } from '#libs/channels';
import { listWaiting } from '#libs/operations';
import { CALM_MS } from '#libs/own-alerts';
import { createRedis, MARKS, type RedisWatch, watchRedis } from '#libs/redis';
import { createLogger } from '#libs/telemetry';
import { Intake, URGENT } from '../../../apps/api/src/ingest/intake.js';
import { takeOwn, unposted } from '../../../apps/api/src/ingest/unposted.js';
import { createOwnAlerts } from '../../../apps/api/src/own-alerts/own-alerts.js';
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
/** Somebody fills Redis up to a share of its memory, or leaves it, and the watch has seen it. */
async function fillTo(wanted: number): Promise<void> {
  while ((await share()) < wanted) await redis.set(`junk${junk++}`, 'x'.repeat(JUNK_BYTES));
  while ((await share()) > wanted + 0.01 && junk > 0) await redis.del(`junk${--junk}`);
  await waitFor(() => Math.abs(watch.fullness() - wanted) < 0.02, { what: `the watch to see ${wanted}` });
}

it('a Redis near its mark is told of while nothing else is taken, and when there is room again', async () => {
  const settings = new TestSettings();
  settings.set([httpEndpoint('http://127.0.0.1:9/', { id: 'ops', pushPeriodMs: 3_600_000 })]);
  const admitter = createAdmitter({
    redis,
    channelOf: channelByType,
    wake: async () => {},
    newerSettings: async (known) => known,
  });
  const quota = { count: async () => 0 };
  const counting = { count: () => {}, countRefused: () => {} };
  const intake = new Intake({ admitter, redis, watch, quota, settings, now: () => new Date(), ...counting });
  const time = { now: Date.now() };
  const look = createOwnAlerts({
    redis,
    settings,
    channels,
    fullness: watch.fullness,
    take: (event, team) => takeOwn(intake, event, team),
    lang: 'en',
    now: () => time.now,
    log: createLogger('api', 'silent'),
  });
  /** What waits at the endpoint of such alerts. */
  const told = async () => {
    const { items } = await listWaiting(redis, 'ops', { limit: 10, accept: () => true });
    return items.map(({ event }) => event.level).sort();
  };
  const post = () =>
    intake.take(
      [unposted({ id: `${Math.random()}`, policy: 'p', object: 'o', level: 'fatal' })],
      null,
      false,
      () => false,
    );

  await fillTo(0.5);
  await look();
  expect(await told()).toEqual([]);
  await fillTo(0.76);
  await look();
  await look();
  expect(await told()).toEqual(['warning']);
  await fillTo(0.85);
  await expect(post()).rejects.toThrow('too full');
  await look();
  await look();
  expect(await told()).toEqual(['fatal', 'warning']);
  await fillTo(0.93);
  expect(intake.whyClosed(URGENT.mark)).toContain('too full');
  expect(MARKS.shed).toBe(URGENT.mark);
  await fillTo(0.68);
  await look();
  time.now += 10 * CALM_MS;
  await look();
  expect(await told()).toEqual(['fatal', 'warning']);
  await fillTo(0.5);
  await look();
  time.now += CALM_MS;
  await look();
  await look();
  expect(await told()).toEqual(['fatal', 'recovered', 'warning']);
}, 60_000);
