import { expect, it } from 'vitest';
import { Readiness } from './readiness.js';

it('reports failed checks as missing, and those of optional dependencies as degraded', async () => {
  const readiness = new Readiness([
    { name: 'redis', check: async () => undefined },
    { name: 'settings', check: async () => 'not read yet' },
    { name: 'broken', check: () => Promise.reject(new Error('no answer')) },
    { name: 'database', optional: true, check: async () => 'away' },
  ]);
  expect(await readiness.report()).toEqual({
    missing: [
      { path: 'settings', message: 'not read yet' },
      { path: 'broken', message: 'no answer' },
    ],
    degraded: [{ path: 'database', message: 'away' }],
  });
});

it('fails a check that does not end in time', async () => {
  const readiness = new Readiness([{ name: 'hung', check: () => new Promise(() => undefined) }]);
  expect((await readiness.report()).missing).toEqual([{ path: 'hung', message: 'does not answer' }]);
});
