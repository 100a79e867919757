import type { RedisClient } from '#libs/redis';

/** A duty that one process at a time has; it passes on when its holder falls silent. */
export interface Lease {
  /** Takes the duty, or keeps it; false while another has it. */
  hold(): Promise<boolean>;
  give(): Promise<void>;
}

const EXTEND = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0`;
const GIVE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/** @param holder unlike any other process' name */
export function createLease(redis: RedisClient, duty: string, holder: string, ttlMs: number): Lease {
  const key = `tocsin:{${duty}}:holder`;
  return {
    async hold() {
      if ((await redis.eval(EXTEND, 1, key, holder, ttlMs)) === 1) return true;
      return (await redis.set(key, holder, 'PX', ttlMs, 'NX')) === 'OK';
    },
    async give() {
      await redis.eval(GIVE, 1, key, holder);
    },
  };
}
