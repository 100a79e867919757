import { expect, it, vi } from 'vitest';
import { createConnectionCache } from './connection-cache.js';

it('opens one value for each key', () => {
  const cache = createConnectionCache();
  const open = vi.fn(() => ({}));
  expect(cache.reuse('a', open, () => {})).toBe(cache.reuse('a', open, () => {}));
  expect(cache.reuse('b', open, () => {})).not.toBe(cache.reuse('a', open, () => {}));
  expect(open).toHaveBeenCalledTimes(2);
  cache.close();
});

it('closes a value that is unused for 90 s, and opens a new one on the next use', () => {
  vi.useFakeTimers();
  let now = 1;
  const cache = createConnectionCache(() => now);
  const pass = (ms: number) => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  const closed: string[] = [];
  const ask = (key: string) =>
    cache.reuse(
      key,
      () => ({ key }),
      (value) => closed.push(value.key),
    );
  const first = ask('idle');
  ask('busy');
  pass(60_000);
  ask('busy');
  pass(60_000);
  expect(closed).toEqual(['idle']);
  expect(ask('idle')).not.toBe(first);
  cache.close();
  expect(closed.sort()).toEqual(['busy', 'idle', 'idle']);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('caches a thousand values, and closes the least recently used one beyond', () => {
  const cache = createConnectionCache(() => 1);
  const closed: number[] = [];
  for (let i = 0; i < 1_002; i++)
    cache.reuse(
      String(i),
      () => ({}),
      () => closed.push(i),
    );
  expect(closed).toEqual([0, 1]);
  cache.close();
});
