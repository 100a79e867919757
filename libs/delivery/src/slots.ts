/** The deliveries a process may have in flight on one channel. */
export interface Slots {
  /** Up to `most` slots, waiting for one until the signal or the time ends the wait; 0 when it did. */
  reserve(most: number, waitMs: number): Promise<number>;
  release(count: number): void;
  readonly free: number;
}

export function createSlots(size: number): Slots {
  let free = size;
  // In the order they came; one whose time is up leaves, so that nobody is woken in vain.
  const waiting = new Set<() => void>();
  const wait = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        waiting.delete(end);
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      waiting.add(end);
    });
  return {
    get free() {
      return free;
    },
    async reserve(most, waitMs) {
      if (free === 0 && waitMs > 0) await wait(waitMs);
      const taken = Math.min(free, most);
      free -= taken;
      return taken;
    },
    release(count) {
      free += count;
      let woken = 0;
      for (const wake of waiting) {
        if (woken++ === count) break;
        wake();
      }
    },
  };
}
