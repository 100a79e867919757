import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { startRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, Receiver, World } from './world.js';

it('a worker that does not serve a channel leaves its turns to one that does', async () => {
  const [redis, receiver] = await Promise.all([startRedis(), Receiver.start()]);
  const world = new World(redis.url);
  try {
    world.settings.set([httpEndpoint(receiver.url)]);
    await world.startWorker({}, []);
    await world.post([{ level: 'fatal' }]);
    // Longer than the sweeper of any worker takes to find a missing turn.
    await sleep(8_000);
    expect(receiver.arrivals).toEqual([]);
    expect(await audit(world.redis)).toMatchObject({ pending: 1, imbalance: 0 });
    await world.startWorker({}, ['http']);
    await waitFor(() => receiver.arrivals.length === 1, {
      what: 'the delivery, by the worker that serves its channel',
    });
  } finally {
    await world.stop();
    await receiver.stop();
    await redis.stop();
  }
}, 30_000);
