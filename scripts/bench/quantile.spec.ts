import { expect, it } from 'vitest';
import { quantile } from './quantile.mjs';

it('is the number that a share of the numbers does not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([quantile(hundred, 0.99), quantile(hundred, 1), quantile(hundred, 0.5), quantile([7], 0.99)]).toEqual([
    99, 100, 50, 7,
  ]);
  expect(quantile([], 0.5)).toBeNaN();
});
