import { setTimeout as sleep } from 'node:timers/promises';
import { monitorRedis } from '../../support/index.js';

/** Calls to Redis by their shape: the command, and of a script its digest. What scripts call inside does not count. */
export type Calls = Map<string, number>;

export const total = (calls: Calls): number => [...calls.values()].reduce((sum, count) => sum + count, 0);

/** Listens to every call that reaches Redis while something goes on. */
export async function callsDuring(url: string, act: () => Promise<unknown>): Promise<Calls> {
  const calls: Calls = new Map();
  const monitor = await monitorRedis(url, ({ command, first }) => {
    const shape = command === 'evalsha' ? `${command} ${first.slice(0, 8)}` : command;
    calls.set(shape, (calls.get(shape) ?? 0) + 1);
  });
  try {
    await act();
    return calls;
  } finally {
    monitor.stop();
  }
}

/**
 * What the parts of a system call while there is nothing to do, a second. Measured over so long that the duties that
 * come round every few seconds have come.
 */
export async function idleCallsPerSecond(url: string, ms: number): Promise<Calls> {
  const calls = await callsDuring(url, () => sleep(ms));
  return new Map([...calls].map(([shape, count]) => [shape, (count * 1_000) / ms]));
}

/** Calls beyond those of the idle system, by shape; what idle housekeeping makes by the dozen a second is left out. */
export function callsBeyond(calls: Calls, idle: Calls, ms: number): Calls {
  const HOUSEKEEPING_PER_SECOND = 10;
  return new Map(
    [...calls].flatMap(([shape, count]) => {
      const usual = idle.get(shape) ?? 0;
      if (usual >= HOUSEKEEPING_PER_SECOND) return [];
      return [[shape, Math.max(0, count - (usual * ms) / 1_000)] as const];
    }),
  );
}
