import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fallbackOf, replayId, replayOf } from './delivery-ids.js';

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
