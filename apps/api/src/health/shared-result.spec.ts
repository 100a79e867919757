import { expect, it } from 'vitest';
import { sharedResult } from './shared-result.js';

it('is computed once a second at most, and a call during a run waits for it', async () => {
  let at = 0;
  let runs = 0;
  const waiting: (() => void)[] = [];
  const shared = sharedResult(
    () =>
      new Promise<number>((resolve) => {
        runs++;
        waiting.push(() => resolve(runs));
      }),
    { everyMs: 1_000, now: () => at },
  );
  const early = [shared(), shared()];
  at = 5_000;
  const late = shared();
  waiting.shift()?.();
  expect(await Promise.all([...early, late])).toEqual([1, 1, 1]);
  const next = shared();
  at = 5_999;
  const same = shared();
  waiting.shift()?.();
  expect(await Promise.all([next, same])).toEqual([2, 2]);
  expect(await shared()).toBe(2);
  at = 6_000;
  void shared();
  expect(runs).toBe(3);
});

it('shares a failure too, and computes again after a second', async () => {
  let at = 0;
  let runs = 0;
  const failing = async (): Promise<number> => {
    if (++runs === 1) throw new Error('away');
    return runs;
  };
  const shared = sharedResult(failing, { everyMs: 1_000, now: () => at });
  await expect(shared()).rejects.toThrow('away');
  await expect(shared()).rejects.toThrow('away');
  expect(runs).toBe(1);
  at = 1_000;
  expect(await shared()).toBe(2);
});
