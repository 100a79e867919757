import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSlices } from './slices.js';

it('one holder runs in each turn of the event loop, in the order in which they asked', async () => {
  const nextSlice = createSlices();
  const ran: string[] = [];
  const work = async (name: string) => {
    for (let i = 0; i < 2; i += 1) {
      await nextSlice();
      ran.push(name);
    }
  };
  const all = Promise.all([work('a'), work('b'), work('c')]);
  const perTurn: number[] = [];
  while (ran.length < 6) {
    const before = ran.length;
    await setImmediate();
    perTurn.push(ran.length - before);
  }
  await all;
  expect(ran.join('')).toBe('abcabc');
  expect(Math.max(...perTurn)).toBe(1);
});
