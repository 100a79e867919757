import { setTimeout as sleep } from 'node:timers/promises';
import { monitorRedis } from '../../support/index.js';

/** Calls to Redis by shape: the command, and of a script its digest. Calls inside scripts do not count. */
export type Calls = Map<string, number>;

export const total = (calls: Calls): number => [...calls.values()].reduce((sum, count) => sum + count, 0);

/** Counts every call that reaches Redis during an action. */
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
 * Calls a second of an idle system, by shape. Measured for long enough to include the duties that run every few
 * seconds.
 */
export async function idleCallsPerSecond(url: string, ms: number): Promise<Calls> {
  const calls = await callsDuring(url, () => sleep(ms));
  return new Map([...calls].map(([shape, count]) => [shape, (count * 1_000) / ms]));
}

/** Calls above those of the idle system, by shape, without shapes that an idle system calls often. */
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
