import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { channelByType } from '#libs/channels';
import { createRates } from '#libs/delivery';
import { testEndpoint } from '#libs/operations';
import { createOutlet } from '#libs/outbound';
import { createRedis } from '#libs/redis';
import { createRenderer } from '#libs/templates';
import { sharedRedisUrl } from '../../support/index.js';
import { httpEndpoint, Receiver } from './world.js';

const redis = createRedis({ kind: 'single', url: sharedRedisUrl(13) }, 'work');
const receiver = await Receiver.start();
afterAll(async () => {
  redis.disconnect();
  await receiver.stop();
});

it('a test counts as a send of its credential: above the rate nothing is sent, and the answer says when it can be', async () => {
  await redis.flushdb();
  let tokens = 0;
  const rates = createRates(redis, () => `t${tokens++}`);
  const { io, close } = createOutlet({
    egressDeny: [],
    platform: {},
    secretKey: Buffer.alloc(32),
    redis,
    signal: new AbortController().signal,
    onError: (error) => expect.unreachable(String(error)),
  });
  const endpoint = httpEndpoint(receiver.url);
  const channel = channelByType('http');
  if (!channel) throw new Error('there is no channel http');
  const test = () =>
    testEndpoint(endpoint, channel, {
      io,
      renderer: createRenderer(),
      lang: 'en',
      now: Date.now,
      monotonicNow: () => performance.now(),
      sleep,
      ask: (_, target, takesMs) =>
        rates.ask(
          { meter: 'm', limits: [{ max: 1, perMs: 60_000 }] },
          { target: target.id, count: 1, certain: true, takesMs },
        ),
    });
  expect(await test()).toMatchObject({ ok: true });
  const second = await test();
  expect(second.ok).toBe(false);
  expect(second.targets[0]?.detail).toMatch(/^not sent: the rate limit of its credential is used up; .* in (59|60) s$/);
  expect(receiver.arrivals).toHaveLength(1);
  await close();
});
