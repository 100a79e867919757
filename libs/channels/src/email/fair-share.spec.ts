import { expect, it } from 'vitest';
import { createFairShare } from './fair-share.js';

const never = new AbortController().signal;

/** Work that lasts until it is told to end. */
function held(): { work: () => Promise<void>; end: () => void; hasBegun: () => boolean } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = false;
  return {
    work: () => {
      begun = true;
      return promise;
    },
    end: resolve,
    hasBegun: () => begun,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets one have so many under way, and keeps nobody else from beginning', async () => {
  const share = createFairShare(2);
  const greedy = Array.from({ length: 5 }, held);
  const all = Promise.all(greedy.map(({ work }) => share.run('greedy', never, work)));
  expect(await share.run('other', never, async () => 'done')).toBe('done');
  await settled();
  expect(greedy.map(({ hasBegun }) => hasBegun())).toEqual([true, true, false, false, false]);
  greedy[0]?.end();
  await settled();
  expect(greedy.map(({ hasBegun }) => hasBegun())).toEqual([true, true, true, false, false]);
  for (const { end } of greedy) end();
  await all;
});

it('goes on after work that failed', async () => {
  const share = createFairShare(1);
  const failing = share.run('a', never, () => Promise.reject(new Error('no')));
  const next = share.run('a', never, async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

it('keeps nobody waiting who is given up, and counts right afterwards', async () => {
  const share = createFairShare(1);
  const first = held();
  const running = share.run('a', never, first.work);
  const giveUp = new AbortController();
  const given = share.run('a', giveUp.signal, async () => giveUp.signal.aborted);
  giveUp.abort();
  expect(await given).toBe(true);
  const last = held();
  const after = share.run('a', never, last.work);
  await settled();
  expect(last.hasBegun()).toBe(false);
  first.end();
  await running;
  await settled();
  expect(last.hasBegun()).toBe(true);
  last.end();
  await after;
});
