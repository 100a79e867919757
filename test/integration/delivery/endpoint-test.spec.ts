import { afterAll, expect, it } from 'vitest';
import { channelByType, type HttpRequest } from '#libs/channels';
import { createRates, testEndpoint } from '#libs/delivery';
import { createRedis } from '#libs/redis';
import { createGuardedHttp } from '#libs/security';
import { sharedRedisUrl } from '../../support/index.js';
import { httpEndpoint, Receiver } from './world.js';

const redis = createRedis({ kind: 'single', url: sharedRedisUrl(13) }, 'work');
const receiver = await Receiver.start();
afterAll(async () => {
  redis.disconnect();
  await receiver.stop();
});

it('a test counts as a send of its credential: beyond the rate nothing is sent, and it says when there may be', async () => {
  await redis.flushdb();
  let tokens = 0;
  const rates = createRates(redis, () => `t${tokens++}`);
  const guarded = createGuardedHttp({ deny: [] });
  const { signal } = new AbortController();
  const endpoint = httpEndpoint(receiver.url);
  const channel = channelByType('http');
  if (!channel) throw new Error('there is no channel http');
  const test = () =>
    testEndpoint(endpoint, channel, {
      io: { http: (request: HttpRequest) => guarded.http({ ...request, signal }), signal, now: () => new Date() },
      lang: 'en',
      now: Date.now,
      ask: (_, target, takesMs) =>
        rates.ask({ meter: 'm', limits: [{ max: 1, perMs: 60_000 }] }, target.id, 1, takesMs),
    });
  expect(await test()).toMatchObject({ ok: true });
  const second = await test();
  expect(second.ok).toBe(false);
  expect(second.targets[0]?.detail).toMatch(
    /^not sent: the rate limit of its credential is used up; .* in (59|60|61) s$/,
  );
  expect(receiver.arrivals).toHaveLength(1);
  await guarded.close();
});
