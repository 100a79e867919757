import { expect, it } from 'vitest';
import { checkReadiness } from './check-readiness.js';

it('names what is missing, what fails to tell, and what is only of use', async () => {
  const result = await checkReadiness([
    { name: 'redis', check: async () => undefined },
    { name: 'settings', check: async () => 'none known' },
    { name: 'broken', check: () => Promise.reject(new Error('no answer')) },
    { name: 'database', optional: true, check: async () => 'away' },
  ]);
  expect(result).toEqual({
    missing: [
      { path: 'settings', message: 'none known' },
      { path: 'broken', message: 'no answer' },
    ],
    degraded: [{ path: 'database', message: 'away' }],
  });
});

it('waits for nobody', async () => {
  const began = Date.now();
  const { missing } = await checkReadiness([{ name: 'hung', check: () => new Promise(() => undefined) }]);
  expect(missing).toEqual([{ path: 'hung', message: 'does not answer' }]);
  expect(Date.now() - began).toBeLessThan(4_000);
});
