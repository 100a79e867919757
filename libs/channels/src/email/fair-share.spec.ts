import { expect, it } from 'vitest';
import { createFairShare } from './fair-share.js';

const never = new AbortController().signal;

/** Work that lasts until `end` is called. */
function openWork(): { work: () => Promise<void>; end: () => void; hasBegun: () => boolean } {
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

it('limits the concurrent work of a key, and does not delay other keys', async () => {
  const share = createFairShare(2);
  const greedy = Array.from({ length: 5 }, openWork);
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

it('continues after work that failed', async () => {
  const share = createFairShare(1);
  const failing = share.run('a', never, () => Promise.reject(new Error('no')));
  const next = share.run('a', never, async () => 'yes');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

it('runs aborted work at once, and counts correctly afterwards', async () => {
  const share = createFairShare(1);
  const first = openWork();
  const running = share.run('a', never, first.work);
  const abort = new AbortController();
  const aborted = share.run('a', abort.signal, async () => abort.signal.aborted);
  abort.abort();
  expect(await aborted).toBe(true);
  const last = openWork();
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
