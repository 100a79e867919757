import { defineScript, type RedisClient, runScript } from '#libs/redis';

/** A duty that one process at a time has; it passes on when its holder falls silent. */
export interface Lease {
  /** Takes the duty, or keeps it; false while another has it. */
  hold(): Promise<boolean>;
  give(): Promise<void>;
}

const HOLD = defineScript('hold', [new URL('./lua/hold.lua', import.meta.url)], { whenFull: true });
const GIVE = `if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0`;

/**
 * Who holds a duty asks Redis again when half of its time has passed.
 * @param holder unlike any other process' name
 */
export function createLease(
  redis: RedisClient,
  { duty, holder, ttlMs, now }: { duty: string; holder: string; ttlMs: number; now(): number },
): Lease {
  const key = `tocsin:{${duty}}:holder`;
  let heldAt: number | undefined;
  return {
    async hold() {
      const asked = now();
      if (heldAt !== undefined && asked >= heldAt && asked - heldAt < ttlMs / 2) return true;
      const held = (await runScript(redis, HOLD, key, [holder, ttlMs])) === 1;
      heldAt = held ? asked : undefined;
      return held;
    },
    async give() {
      heldAt = undefined;
      await redis.eval(GIVE, 1, key, holder);
    },
  };
}
