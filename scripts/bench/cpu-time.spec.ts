import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCpuClock, parseStat, ticksOf } from './cpu-time.mjs';

const LINE = '8227 (node (a) b) R 8217 8217 3626 0 -1 4194304 103 0 0 0 7 5 2 1 20 0 1 0 58938 2998272 381';

describe('CPU time', () => {
  it('is read from the right fields, also where the name of the program has blanks and brackets', () => {
    expect(parseStat(LINE)).toEqual({ pid: 8227, parent: 8217, ticks: 15 });
  });

  it('is that of a process with its descendants, and of no others', () => {
    const processes = [
      { pid: 1, parent: 0, ticks: 1_000 },
      { pid: 10, parent: 1, ticks: 5 },
      { pid: 11, parent: 10, ticks: 6 },
      { pid: 12, parent: 11, ticks: 7 },
      { pid: 13, parent: 1, ticks: 100 },
    ];
    expect(ticksOf(10, processes)).toBe(18);
    expect(() => ticksOf(99, processes)).toThrow('process 99 has ended');
  });

  it.runIf(existsSync('/proc/self/stat'))('grows with the work of a process that runs', async () => {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    await once(child, 'spawn');
    try {
      const cpuTime = openCpuClock();
      const before = cpuTime(child.pid);
      await expect.poll(() => cpuTime(child.pid) - before, { timeout: 20_000 }).toBeGreaterThan(100_000);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
