import { expect, it } from 'vitest';
import { startFakeWecom } from '../../../libs/channels/src/wecom/fake-provider.js';
import { startRedis, waitFor } from '../../support/index.js';
import { endpointOf, World } from './world.js';

const DELIVERIES = 1_000;
const WORKERS = 8;

it('1,000 deliveries in 8 workers request one token, and one more when the provider revokes it early', async () => {
  const [redis, wecom] = [await startRedis(), await startFakeWecom()];
  const world = new World(redis.url, 'wecom');
  try {
    const { app, apiUrl } = wecom.config;
    world.settings.set([endpointOf('wecom', { app, apiUrl })]);
    await Promise.all(Array.from({ length: WORKERS }, () => world.startWorker({}, ['wecom'])));
    const post = (name: string) =>
      world.post(Array.from({ length: DELIVERIES }, (_, i) => ({ level: 'fatal' as const, object: `${name}${i}` })));

    await post('first');
    await waitFor(() => wecom.shown.length === DELIVERIES, { timeoutMs: 30_000, what: 'all deliveries' });
    expect(wecom.tokens.issued).toBe(1);

    wecom.tokens.expire();
    await post('second');
    await waitFor(() => wecom.shown.length === 2 * DELIVERIES, { timeoutMs: 30_000, what: 'all deliveries' });
    expect(wecom.tokens.issued).toBe(2);
    expect(wecom.complaints).toEqual([]);
  } finally {
    await world.stop();
    await wecom.close();
    await redis.stop();
  }
}, 90_000);
