import { expect, it } from 'vitest';
import { Installation } from './installation.js';
import { processesBelow } from './process-tree.js';

it('an installation whose start fails leaves no process', async () => {
  const others = new Set(processesBelow(process.pid).map(({ pid }) => pid));
  // 192.0.2.0/24 is for documentation: no machine has an address of it.
  await expect(Installation.start({ env: { HOST: '192.0.2.1' } })).rejects.toThrow(/api 1 ended/);
  const left = processesBelow(process.pid).filter(({ pid, command }) => !others.has(pid) && !command.startsWith('ps '));
  expect(left).toEqual([]);
});
