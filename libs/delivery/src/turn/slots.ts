import type { TargetHealth } from '#libs/mailbox';
import { createChanges } from './changes.js';

/** The worker slots of one channel: most messages a process may have in flight. */
export interface Slots {
  /**
   * Reserves up to `most` slots, waiting while no more than `kept` are free; 0 when the time is up.
   * @param kept slots to leave for other targets; read again whenever slots are released
   */
  reserve(most: number, waitMs: number, kept?: () => number): Promise<number>;
  release(count: number): void;
  readonly free: number;
  readonly size: number;
}

export function createSlots(size: number): Slots {
  let free = size;
  const changes = createChanges();
  return {
    size,
    get free() {
      return free;
    },
    async reserve(most, waitMs, kept = () => 0) {
      if (free <= kept() && waitMs > 0) await changes.until(() => free > kept(), waitMs);
      const reserved = Math.max(0, Math.min(free - kept(), most));
      free -= reserved;
      return reserved;
    },
    release(count) {
      if (count === 0) return;
      free += count;
      changes.notify();
    },
  };
}

/**
 * Slots that a target leaves to others. A third is for targets that answer, another third for targets that do not fail.
 * A target that answers and has many in flight leaves some too, in case it begins to hang.
 */
export function slotsKept(size: number, health: TargetHealth, inFlight: number): number {
  if (health === 'failing') return Math.floor((size * 2) / 3);
  if (health !== 'good') return Math.floor(size / 3);
  return inFlight >= size / 8 ? Math.floor(size / 6) : 0;
}
