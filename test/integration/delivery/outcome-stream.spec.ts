import { afterAll, beforeEach, expect, it } from 'vitest';
import { outcomesKey, readOutcomes } from '#libs/mailbox';
import { createRedis } from '#libs/redis';
import { sharedRedisUrl } from '../../support/index.js';

const redis = createRedis({ kind: 'single', url: sharedRedisUrl(15) }, 'work');
beforeEach(() => redis.flushdb());
afterAll(() => redis.quit());

const ENTRY = {
  id: 'd1_f0a',
  revision: '1',
  status: 'dead',
  attempts: '1',
  created: '1',
  at: '2',
  about: '{"endpointId":"e"}',
};
const write = (fields: object) => redis.xadd(outcomesKey(10), '*', ...Object.entries(fields).flat());

it('returns target, episode and replaced delivery of entries that have them', async () => {
  await write({ ...ENTRY, 'target-id': 'robot', episode: '1763600000000', 'fallback-of': 'd1' });
  await write({ ...ENTRY, episode: '0' });
  await write(ENTRY);
  const page = await readOutcomes(redis, 10, 100);
  expect(page?.broken).toEqual([]);
  expect(page?.records).toMatchObject([
    { deliveryId: 'd1_f0a', targetId: 'robot', episode: 1_763_600_000_000, fallbackOf: 'd1' },
    { deliveryId: 'd1_f0a', episode: 0 },
    { deliveryId: 'd1_f0a' },
  ]);
  for (const field of ['targetId', 'episode', 'fallbackOf']) expect(page?.records[2]).not.toHaveProperty(field);
  expect(page?.records[1]).not.toHaveProperty('fallbackOf');
});
