import { expect, it } from 'vitest';
import { createOverrunLog } from './overrun-log.js';

it('names each entry once a minute, and 20 entries of a team at most', () => {
  let now = 0;
  const lines: unknown[] = [];
  const note = createOverrunLog({ warn: (facts: unknown) => void lines.push(facts) }, () => now);
  const overrun = (entry: string, team = 'ops') => note({ team, policy: 'cpu', entry, message: 'too much' });
  overrun('region');
  overrun('region');
  expect(lines).toEqual([{ team: 'ops', policy: 'cpu', entry: 'region', reason: 'too much' }]);
  for (let i = 0; i < 1_000; i += 1) overrun(`label ${i}`);
  expect(lines).toHaveLength(20);
  overrun('region', 'web');
  expect(lines.pop()).toEqual({ team: 'web', policy: 'cpu', entry: 'region', reason: 'too much' });
  now = 60_000;
  overrun('region');
  expect(lines.slice(20)).toEqual([
    { team: 'ops', overruns: 981 },
    { team: 'ops', policy: 'cpu', entry: 'region', reason: 'too much' },
  ]);
});
