import { afterAll, beforeEach, expect, it } from 'vitest';
import { createEpisodeBook, type Episode, firingKinds } from '#libs/own-alerts';
import { createRedis } from '#libs/redis';
import { sharedRedisUrl } from '../../support/index.js';

const redis = createRedis({ kind: 'single', url: sharedRedisUrl(11) }, 'work');
const book = createEpisodeBook(redis);
beforeEach(() => redis.flushdb());
afterAll(() => redis.disconnect());

const begun: Episode = { since: 1, seenAt: 2 };
const subject = { object: 'log', objectName: 'l', team: 'default', labels: { kind: 'log' as const } };
const reported: Episode = { ...begun, reported: { subject, level: 'error', at: 3, times: 1 } };

it('an episode is stored as it was noted, until it is over', async () => {
  const first = await book.note('log', undefined, begun);
  expect(first).toMatchObject({ episode: begun });
  const second = await book.note('log', first || undefined, reported);
  expect((await book.all()).get('log')).toEqual(second);
  expect(await firingKinds(book)).toEqual(['log']);
  expect(await book.note('log', second || undefined, undefined)).toBeUndefined();
  expect((await book.all()).size).toBe(0);
});

it('a process that hung changes nothing that another process has changed since', async () => {
  const known = (await book.note('log', undefined, begun)) || undefined;
  await book.note('log', known, reported);
  expect(await book.note('log', undefined, begun)).toBe(false);
  expect(await book.note('log', known, undefined)).toBe(false);
  expect(await book.note('log', known, begun)).toBe(false);
  expect((await book.all()).get('log')?.episode).toEqual(reported);
});

it('reads and writes the stored form of earlier versions', async () => {
  const text = JSON.stringify({ since: 1, seenAt: 2, told: { subject, level: 'error', at: 3, times: 1 } });
  await redis.hset('tocsin:{own-alerts}:episodes', 'log', text);
  const stored = (await book.all()).get('log');
  expect(stored?.episode).toEqual(reported);
  await book.note('log', stored, reported);
  expect(await redis.hget('tocsin:{own-alerts}:episodes', 'log')).toBe(text);
});
