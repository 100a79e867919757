import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, it, vi } from 'vitest';
import { inTurns } from './in-turns.js';

afterEach(() => vi.restoreAllMocks());

it('gives other requests a turn after eight milliseconds of work, and reads no value before it is due', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const read: number[] = [];
  const values = Iterator.from([1, 2, 3, 4, 5, 6]).map((value) => {
    now += 4;
    read.push(value);
    return value;
  });
  const all = (async () => {
    for await (const _ of inTurns(values));
  })();
  const perTurn: number[] = [];
  for (let before = 0; before < 6; before = read.length) {
    await setImmediate();
    perTurn.push(read.length - before);
  }
  await all;
  expect(Math.max(...perTurn)).toBeLessThanOrEqual(2);
});
