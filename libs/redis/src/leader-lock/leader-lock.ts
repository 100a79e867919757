import type { RedisClient } from '../connection/connection.js';
import { defineScript, flag, numeral, runScript, text } from '../scripts/index.js';

/** A lock by which one process at a time does a duty; it expires when its holder stops renewing it. */
export interface LeaderLock {
  /** Acquires or renews the lock; false while another process holds it. */
  acquire(): Promise<boolean>;
  /** Releases the lock, if this process holds it. */
  release(): Promise<void>;
}

const ACQUIRE = defineScript({
  name: 'acquire-leader-lock',
  file: new URL('./acquire-leader-lock.lua', import.meta.url),
  whenFull: true,
  args: { holder: text, ttlMs: numeral },
  answer: flag,
});
const RELEASE = defineScript({
  name: 'release-leader-lock',
  file: new URL('./release-leader-lock.lua', import.meta.url),
  whenFull: true,
  args: { holder: text },
  answer: flag,
});

/**
 * Creates the lock of a duty. Its holder renews it in Redis when half of its time has passed.
 * @param holder name of this process, unique among all processes
 * @param ttlMs after this time without renewal another process may acquire it
 * @param now a monotonic clock, in milliseconds
 */
export function createLeaderLock(
  redis: RedisClient,
  { duty, holder, ttlMs, now }: { duty: string; holder: string; ttlMs: number; now(): number },
): LeaderLock {
  const key = `tocsin:{${duty}}:holder`;
  let acquiredAt: number | undefined;
  return {
    async acquire() {
      const askedAt = now();
      if (acquiredAt !== undefined && askedAt >= acquiredAt && askedAt - acquiredAt < ttlMs / 2) return true;
      const acquired = await runScript(redis, ACQUIRE, key, { holder, ttlMs });
      acquiredAt = acquired ? askedAt : undefined;
      return acquired;
    },
    async release() {
      acquiredAt = undefined;
      await runScript(redis, RELEASE, key, { holder });
    },
  };
}
