import { randomUUID } from 'node:crypto';
import { channelByType } from '#libs/channels';
import type { SettingsSource } from '#libs/contracts';
import { createRates, gatherRateLimits, meterOfTarget, unlimited } from '#libs/delivery';
import { targetName } from '#libs/mailbox';
import { type TestParts, testEndpoint } from '#libs/operations';
import type { RedisClient } from '#libs/redis';
import type { EndpointTester } from '#libs/settings';

/** Tests an endpoint from this process, with the code and the outbound guard of its deliveries. */
export const createEndpointTester = (parts: TestParts): EndpointTester => ({
  async test(endpoint) {
    const channel = channelByType(endpoint.channel);
    if (!channel) throw new Error(`channel ${endpoint.channel} does not exist`);
    return testEndpoint(endpoint, channel, parts);
  },
});

/** Rate limits for tests of an endpoint, saved or not. Without Redis a test is sent unmetered. */
export function testRates(redis: RedisClient, settings: SettingsSource): TestParts['ask'] {
  const rates = createRates(redis, randomUUID);
  return async (endpoint, target, takesMs) => {
    const known = settings.current();
    const endpoints = new Map(known?.endpoints).set(endpoint.id, endpoint);
    const all = { version: 0, policies: [], formerLinks: [], endpoints };
    const meter = meterOfTarget(endpoint, target);
    const metered = { meter, limits: gatherRateLimits(all, channelByType).of(meter) };
    const wish = { target: targetName(endpoint.id, target.id), count: 1, certain: true, takesMs };
    return rates.ask(metered, wish).catch(() => unlimited(1));
  };
}
