import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Level } from '#libs/contracts';
import { audit } from '#libs/mailbox';
import { startFakeDingtalk } from '../../../libs/channels/src/dingtalk/fake-provider.js';
import { startRedis, waitFor } from '../../support/index.js';
import { endpointOf, World } from './world.js';

/** A robot that accepts 20 a minute, a storm of a minute, and three minutes to send it: all twenty times as fast. */
const MINUTE_MS = 3_000;
const ROBOT = { max: 20, perMs: MINUTE_MS };
/** Nine tenths of the provider's documented limit, which is the default of endpoints. */
const OURS = { max: 18, perMs: MINUTE_MS };
const ALERTS = 2_000;
const RECOVERED = 200;
const BATCHES = 40;

const redis = await startRedis();
const robot = await startFakeDingtalk({ now: Date.now, limit: ROBOT });
const world = new World(redis.url, 'dingtalk');
const { robots } = robot.config;
const limits = { pushPeriodMs: 12 * 3_600_000, rateLimit: OURS, digestAfterMs: MINUTE_MS };
const endpoint = endpointOf('dingtalk', { robots }, limits);

beforeAll(async () => {
  for (let i = 0; i < 2; i++) await world.startWorker({}, ['dingtalk']);
  world.settings.set([endpoint]);
});
afterAll(async () => {
  await world.stop();
  await robot.close();
  await redis.stop();
});

const post = (level: Level, from: number, count: number) =>
  world.post(
    Array.from({ length: count }, (_, i) => ({ level, policy: `policy-${(from + i) % 7}`, object: `o${from + i}` })),
  );
/** Number of alerts in a message: the title of a digest counts them. */
const alertsIn = (text: string): number => Number(/\] (\d+) alerts\b/.exec(text)?.[1] ?? 1);

it('2,000 alerts in a minute reach a robot of 20 a minute within three, always within its limit', async () => {
  const begin = Date.now();
  for (let batch = 0; batch < BATCHES; batch++) {
    await post('fatal', (batch * ALERTS) / BATCHES, ALERTS / BATCHES);
    await sleep(Math.max(0, begin + ((batch + 1) * MINUTE_MS) / BATCHES - Date.now()));
  }
  await post('recovered', 0, RECOVERED);
  const all = ALERTS + RECOVERED;
  const received = () => robot.shown.reduce((sum, text) => sum + alertsIn(text), 0);
  await waitFor(() => received() >= all, { timeoutMs: 3 * MINUTE_MS - (Date.now() - begin), what: 'all messages' });
  console.log(
    `${all} alerts received in ${robot.shown.length} messages, after ${Date.now() - begin} ms of ${3 * MINUTE_MS}`,
  );

  expect([received(), robot.throttled, robot.complaints]).toEqual([all, 0, []]);
  await waitFor(async () => (await audit(world.redis)).pending === 0, { what: 'an empty ledger' });
  expect(await audit(world.redis)).toMatchObject({ admitted: all, delivered: all, imbalance: 0 });

  // Each is on record in its digest, as many as the digest counts.
  await waitFor(() => world.recorded.length === all, { what: 'the log' });
  const digests = Map.groupBy(world.recorded, ({ digest }) => digest);
  for (const [id, some] of digests) {
    if (id === undefined) continue;
    const text = robot.shown.find((one) => one.includes(id));
    expect(alertsIn(text ?? ''), id).toBe(some.length);
  }
  const alone = digests.get(undefined)?.length ?? 0;
  expect(robot.shown).toHaveLength(digests.size - (alone > 0 ? 1 : 0) + alone);

  // Recoveries in a digest ended their episodes.
  const again = await post('recovered', 0, RECOVERED);
  expect(new Set(again)).toEqual(new Set(['recovery']));
}, 60_000);
