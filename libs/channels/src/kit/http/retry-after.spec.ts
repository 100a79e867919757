import { expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = new Date('2026-11-20T08:00:00Z');

it.each<[string, number | undefined]>([
  ['0', 0],
  ['7', 7_000],
  [' 1.5 ', 1_500],
  ['3600', 3_600_000],
  ['99999999999', 3_600_000],
  ['Fri, 20 Nov 2026 08:00:30 GMT', 30_000],
  ['Friday, 20-Nov-26 08:00:30 GMT', 30_000],
  ['Fri Nov 20 08:00:30 2026', 30_000],
  ['Fri, 20 Nov 2026 07:00:00 GMT', 0],
  ['Sat, 21 Nov 2026 08:00:00 GMT', 3_600_000],
  ['', undefined],
  ['-1', undefined],
  ['soon', undefined],
  ['1e9', undefined],
  ['2026-11-20T08:00:30Z', undefined],
])('Retry-After: %s is %s ms', (value, ms) => {
  expect(retryAfterMs({ 'retry-after': value }, now)).toBe(ms);
});

it('requests no delay without the header', () => {
  expect(retryAfterMs({}, now)).toBeUndefined();
});
