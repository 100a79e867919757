import { expect, it } from 'vitest';
import { createSlots, slotsKept } from './slots.js';

it('gives what is free, and no more', async () => {
  const slots = createSlots(10);
  expect(await slots.reserve(7, 0)).toBe(7);
  expect(await slots.reserve(7, 0)).toBe(3);
  expect(await slots.reserve(7, 0)).toBe(0);
  slots.release(4);
  expect(slots.free).toBe(4);
});

it('lets one who waits go on as soon as a slot is free', async () => {
  const slots = createSlots(1);
  await slots.reserve(1, 0);
  const waiting = slots.reserve(5, 60_000);
  slots.release(1);
  expect(await waiting).toBe(1);
});

it('ends the wait in time, and a wait that has ended takes nothing from others', async () => {
  const slots = createSlots(1);
  await slots.reserve(1, 0);
  expect(await slots.reserve(1, 1)).toBe(0);
  const next = slots.reserve(1, 60_000);
  slots.release(1);
  expect(await next).toBe(1);
});

it('leaves slots to others, and looks anew how many when some come back', async () => {
  const slots = createSlots(10);
  let kept = 4;
  expect(await slots.reserve(10, 0, () => kept)).toBe(6);
  const waiting = slots.reserve(10, 60_000, () => kept);
  kept = 0;
  slots.release(1);
  expect(await waiting).toBe(5);
});

it.each([
  ['failing', 0, 133],
  ['new', 0, 66],
  ['slow', 5, 66],
  ['good', 0, 0],
  ['good', 24, 0],
  ['good', 25, 33],
] as const)('of 200 slots a target that is %s and has %i in the air leaves %i to others', (health, inTheAir, kept) => {
  expect(slotsKept(200, health, inTheAir)).toBe(kept);
});
