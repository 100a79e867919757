/** The deliveries a process may have in flight on one channel. */
export interface Slots {
  /** Up to `most` slots, waiting for one until the signal or the time ends the wait; 0 when it did. */
  reserve(most: number, waitMs: number): Promise<number>;
  release(count: number): void;
  readonly free: number;
}

export function createSlots(size: number): Slots {
  let free = size;
  const waiting: (() => void)[] = [];
  return {
    get free() {
      return free;
    },
    async reserve(most, waitMs) {
      if (free === 0 && waitMs > 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs);
          waiting.push(() => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
      const taken = Math.min(free, most);
      free -= taken;
      return taken;
    },
    release(count) {
      free += count;
      for (let i = 0; i < count; i++) waiting.shift()?.();
    },
  };
}
