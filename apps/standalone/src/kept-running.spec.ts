import { describe, expect, it, vi } from 'vitest';
import { keepRunning } from './kept-running.js';
import type { ServerProcess } from './server-process.js';

/** A process that runs until the test ends it. */
function fakeProcess(pid: number): ServerProcess & { die(how: string): void } {
  let gone = false;
  let settle: (how: string) => void = () => {};
  const exit = new Promise<string>((resolve) => (settle = resolve));
  const die = (how: string): void => {
    gone = true;
    settle(how);
  };
  return { name: 'part', pid, exit, hasExited: () => gone, kill: die, stop: async () => die('SIGTERM'), die };
}

describe('keepRunning', () => {
  it('restarts a process at once when it dies, and stops it on request', async () => {
    const processes = [fakeProcess(1), fakeProcess(2)];
    const said: string[] = [];
    const start = vi.fn(async () => processes[start.mock.calls.length - 1] as ServerProcess);
    const part = await keepRunning('part', start, (text) => said.push(text));
    processes[0]?.die('SIGKILL');
    await expect.poll(() => part.pid()).toBe(2);
    expect(part.deaths()).toBe(1);
    expect(said).toEqual(['part died (SIGKILL); restarting it now', 'part is back']);
    await part.stop();
    expect(processes[1]?.hasExited()).toBe(true);
    expect(start).toHaveBeenCalledTimes(2);
    expect(said).toHaveLength(2);
  });

  it('fails if the first start fails', async () => {
    await expect(
      keepRunning(
        'part',
        () => Promise.reject(new Error('no')),
        () => {},
      ),
    ).rejects.toThrow('no');
  });

  it('keeps trying, with pauses, if a later start fails', async () => {
    const [first, last] = [fakeProcess(1), fakeProcess(2)];
    const said: string[] = [];
    const start = vi
      .fn<() => Promise<ServerProcess>>()
      .mockResolvedValueOnce(first)
      .mockRejectedValueOnce(new Error('port taken'))
      .mockResolvedValueOnce(last);
    const part = await keepRunning('part', start, (text) => said.push(text));
    first.die('exit code 1');
    await expect.poll(() => part.pid()).toBe(2);
    expect(said[1]).toBe('part: port taken');
    expect(said[2]).toMatch(/restarting it in 0\.2 s$/);
    await part.stop();
  });

  it('can be stopped while it waits to start', async () => {
    const first = fakeProcess(1);
    const start = vi.fn<() => Promise<ServerProcess>>().mockResolvedValueOnce(first).mockRejectedValue(new Error('no'));
    const part = await keepRunning('part', start, () => {});
    first.die('SIGKILL');
    await expect.poll(() => start.mock.calls.length).toBeGreaterThan(2);
    await part.stop();
    const calls = start.mock.calls.length;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(start).toHaveBeenCalledTimes(calls);
  });
});
