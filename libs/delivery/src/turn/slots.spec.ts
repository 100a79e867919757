import { expect, it } from 'vitest';
import { createSlots, slotsKept } from './slots.js';

it('reserves only free slots', async () => {
  const slots = createSlots(10);
  expect(await slots.reserve(7, 0)).toBe(7);
  expect(await slots.reserve(7, 0)).toBe(3);
  expect(await slots.reserve(7, 0)).toBe(0);
  slots.release(4);
  expect(slots.free).toBe(4);
});

it('ends the wait as soon as a slot is free', async () => {
  const slots = createSlots(1);
  await slots.reserve(1, 0);
  const waiting = slots.reserve(5, 60_000);
  slots.release(1);
  expect(await waiting).toBe(1);
});

it('ends the wait at its time limit, and reserves nothing after that', async () => {
  const slots = createSlots(1);
  await slots.reserve(1, 0);
  expect(await slots.reserve(1, 1)).toBe(0);
  const next = slots.reserve(1, 60_000);
  slots.release(1);
  expect(await next).toBe(1);
});

it('leaves slots to others, and reads their number again when slots are released', async () => {
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
] as const)('of 200 slots a target that is %s and has %i in flight leaves %i to others', (health, inFlight, kept) => {
  expect(slotsKept(200, health, inFlight)).toBe(kept);
});
