import { expect, it } from 'vitest';
import { createDiskReserve } from './disk-reserve.js';

const MIB = 1024 * 1024;

/** A disk of so many free bytes, with so many pending deliveries. */
function disk(state: { free: number; pending: number | Error }) {
  return createDiskReserve({
    folder: '/data',
    pending: async () => {
      if (state.pending instanceof Error) throw state.pending;
      return state.pending;
    },
    freeBytes: async () => state.free,
  });
}

it('reserves 1.2 times the memory of Redis, 1 KiB for each pending delivery, and 16 MiB', async () => {
  const reserve = disk({ free: 500 * MIB, pending: 10_240 });
  await reserve.check(100 * MIB);
  expect(reserve.space()).toEqual({ free: 500 * MIB, reserve: (120 + 10 + 16) * MIB });
});

it('refuses events below the reserve, and names the folder and both sizes', async () => {
  const state = { free: 136 * MIB, pending: 0 };
  const reserve = disk(state);
  await reserve.check(100 * MIB);
  expect(reserve.trouble(0)).toBeUndefined();
  state.free -= 1;
  await reserve.checkFree();
  expect(reserve.trouble(0)).toBe(
    'the disk of /data is full: 135 MiB are free, 136 MiB are reserved for the pending deliveries; make room there',
  );
});

it('counts announced bytes four times: command, record and claim', async () => {
  const reserve = disk({ free: 136 * MIB + 400, pending: 0 });
  await reserve.check(100 * MIB);
  expect([reserve.trouble(100), reserve.trouble(101)]).toEqual([undefined, expect.stringContaining('is full')]);
  expect(reserve.trouble(10 * MIB)).toContain(
    '136 MiB are reserved for the pending deliveries, 40 MiB are needed for events that are arriving; make room there',
  );
});

it('keeps the last number of pending deliveries while Redis refuses to count them', async () => {
  const state: { free: number; pending: number | Error } = { free: 500 * MIB, pending: 10_240 };
  const reserve = disk(state);
  await reserve.check(0);
  state.pending = new Error('MISCONF');
  await reserve.check(0);
  expect(reserve.space()?.reserve).toBe(26 * MIB);
});

it('has room for a rewrite below the reserve, down to the size of the data and 4 MiB', async () => {
  const reserve = disk({ free: 124 * MIB, pending: 100_000 });
  await reserve.check(100 * MIB);
  expect(reserve.trouble(0)).toContain('is full');
  expect([reserve.hasRoomToRewrite(100 * MIB), reserve.hasRoomToRewrite(101 * MIB)]).toEqual([true, false]);
});

it('takes events until the disk was read', () => {
  const reserve = disk({ free: 0, pending: 0 });
  expect([reserve.trouble(1), reserve.space(), reserve.hasRoomToRewrite(1)]).toEqual([undefined, undefined, true]);
});
