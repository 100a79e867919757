import { expect, it } from 'vitest';
import { serverLimits } from './server-limits.js';

it.each([
  [1_024, 384],
  [4_096, 1_920],
  [20_000, 8_192],
  [1_048_576, 8_192],
  [Number.POSITIVE_INFINITY, 8_192],
  [256, 128],
])('a process that may open %i files keeps %i connections', (files, connections) => {
  expect(serverLimits(files).connections).toBe(connections);
});

it('leaves connections to clients without a key, by the limit of this process', () => {
  const { connections, reserve } = serverLimits();
  expect(connections).toBeGreaterThan(reserve);
  expect(reserve).toBeGreaterThan(0);
});
