import { expect, it, vi } from 'vitest';
import { createKeeper } from './connection-cache.js';

it('opens once what is asked for under the same key', () => {
  const keeper = createKeeper();
  const open = vi.fn(() => ({}));
  expect(keeper.keep('a', open, () => {})).toBe(keeper.keep('a', open, () => {}));
  expect(keeper.keep('b', open, () => {})).not.toBe(keeper.keep('a', open, () => {}));
  expect(open).toHaveBeenCalledTimes(2);
  keeper.close();
});

it('closes what nobody asked for during 90 s, and opens it anew when it is asked for', () => {
  vi.useFakeTimers();
  let now = 0;
  const keeper = createKeeper(() => now);
  const pass = (ms: number) => {
    now += ms;
    vi.advanceTimersByTime(ms);
  };
  const closed: string[] = [];
  const ask = (key: string) =>
    keeper.keep(
      key,
      () => ({ key }),
      (kept) => closed.push(kept.key),
    );
  const first = ask('idle');
  ask('busy');
  pass(60_000);
  ask('busy');
  pass(60_000);
  expect(closed).toEqual(['idle']);
  expect(ask('idle')).not.toBe(first);
  keeper.close();
  expect(closed.sort()).toEqual(['busy', 'idle', 'idle']);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

it('keeps a thousand, and closes the one that was not asked for longest', () => {
  const keeper = createKeeper(() => 0);
  const closed: number[] = [];
  for (let i = 0; i < 1_002; i++)
    keeper.keep(
      String(i),
      () => ({}),
      () => closed.push(i),
    );
  expect(closed).toEqual([0, 1]);
  keeper.close();
});
