import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DELIVERY_ID, fallbackId, fallbackOf, replayId, replayOf, shardOfDelivery } from './delivery-id.js';

it.each([
  ['m4x0', 'm4x0', 0],
  ['m4x0_r1', 'm4x0', 1],
  ['m4x0_r12', 'm4x0', 12],
  ['m4x0_f3a', 'm4x0_f3a', 0],
  ['m4x0_r1_f3a', 'm4x0_r1_f3a', 0],
  ['m4x0_r1_f3a_r2', 'm4x0_r1_f3a', 2],
  ['m4x0_r0', 'm4x0_r0', 0],
  ['m4x0_r01', 'm4x0_r01', 0],
  ['m4x0_r1234567890', 'm4x0_r1234567890', 0],
  ['_r1', '_r1', 0],
])('%s is replay of %s, number %i', (id, baseId, replay) => {
  expect(replayOf(id)).toEqual({ baseId, replay });
});

it('an id of a replay is read back into its parts', () => {
  const base = fc.stringMatching(/^[a-z0-9]{1,20}(_f[0-9a-f]{2})?$/);
  fc.assert(
    fc.property(base, fc.integer({ min: 1, max: 999_999_999 }), (baseId, replay) => {
      expect(replayOf(replayId(baseId, replay))).toEqual({ baseId, replay });
    }),
  );
});

it.each([
  ['x', undefined],
  ['x_f3a', 'x'],
  ['x_f3a-2', 'x'],
  ['x_f3a_r2', 'x'],
  ['x_f3a_f0b', 'x_f3a'],
  ['x_f3', undefined],
])('the id %s stands in for %s', (id, first) => {
  expect(fallbackOf(id)).toBe(first);
});

it.each([
  ['0mkq3v5zt1a2b3c0a', 10],
  ['0mkq3v5zt1a2b3c03f', 63],
  ['0mkq3v5zt1a2b3c03f-2', 63],
  ['0mkq3v5zt1a2b3c03f-12_r3', 63],
  ['0mkq3v5zt1a2b3c03f_r1', 63],
  ['0mkq3v5zt1a2b3c03f_f01', 1],
  ['0mkq3v5zt1a2b3c03f-2_f01_r2', 1],
  ['0mkq3v5zt1a2b3c03f_r1_f02-1', 2],
  ['0mkq3v5zt1a2b3c0ff', undefined],
  ['no delivery id', undefined],
  ['', undefined],
])('reads the shard of a delivery from its id: %s', (id, shard) => {
  expect(shardOfDelivery(id)).toBe(shard);
});

it('builds ids that it reads', () => {
  const { timeDigits, serialDigits, shardDigits, pushLength } = DELIVERY_ID;
  expect(timeDigits + serialDigits + shardDigits).toBe(pushLength);
  const id = fallbackId('0mkq3v5zt1a2b3c03f-2', 10);
  expect(id).toBe('0mkq3v5zt1a2b3c03f-2_f0a');
  expect([fallbackOf(id), shardOfDelivery(replayId(id, 3))]).toEqual(['0mkq3v5zt1a2b3c03f-2', 10]);
});
