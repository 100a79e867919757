import type { TargetHealth } from '#libs/mailbox';
import { createWatchers } from './changes.js';

/** The deliveries a process may have in flight on one channel. */
export interface Slots {
  /**
   * Up to `most` slots, waiting for the first while there are no more than `keep` free; 0 when the time is up.
   * @param keep how many are left for others; asked for anew whenever slots come back, since it may depend on what was sent
   */
  reserve(most: number, waitMs: number, keep?: () => number): Promise<number>;
  release(count: number): void;
  readonly free: number;
  readonly size: number;
}

export function createSlots(size: number): Slots {
  let free = size;
  const watchers = createWatchers();
  return {
    size,
    get free() {
      return free;
    },
    async reserve(most, waitMs, keep = () => 0) {
      if (free <= keep() && waitMs > 0) await watchers.until(() => free > keep(), waitMs);
      const taken = Math.max(0, Math.min(free - keep(), most));
      free -= taken;
      return taken;
    },
    release(count) {
      if (count === 0) return;
      free += count;
      watchers.tell();
    },
  };
}

/**
 * How many slots a target leaves to others. A third is for targets that answer, another third for any that do not fail;
 * and of those that answer, one that has much in the air leaves some to the others, should it begin to hang.
 */
export function slotsKept(size: number, health: TargetHealth, inFlight: number): number {
  if (health === 'failing') return Math.floor((size * 2) / 3);
  if (health !== 'good') return Math.floor(size / 3);
  return inFlight >= size / 8 ? Math.floor(size / 6) : 0;
}
