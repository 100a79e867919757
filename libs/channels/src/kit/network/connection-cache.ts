import { LRUCache } from 'lru-cache';

/** Returns the value cached under the key, or opens it. */
export type Reuse = <T extends object>(key: string, open: () => T, close: (value: T) => void) => T;

export interface ConnectionCache {
  reuse: Reuse;
  /** Closes every cached value. */
  close(): void;
}

/** Time without use after which a value is closed, in milliseconds; longer than the time limit of any send. */
const IDLE_MS = 90_000;
/** Maximum number of values; beyond it the least recently used one is closed. */
const VALUES_MAX = 1_000;

/**
 * Caches values that are expensive to open, such as connection pools. An evicted value may still be in use, so closing
 * it must let its work in progress finish.
 * @param now a positive time in milliseconds, from any origin
 */
export function createConnectionCache(now: () => number = () => performance.now()): ConnectionCache {
  const entries = new LRUCache<string, { value: object; close(): void }>({
    max: VALUES_MAX,
    ttl: IDLE_MS,
    ttlResolution: 0,
    updateAgeOnGet: true,
    perf: { now },
    dispose: (entry) => entry.close(),
  });
  let timer: NodeJS.Timeout | undefined;

  function stopIfEmpty(): void {
    if (entries.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function closeIdle(): void {
    entries.purgeStale();
    stopIfEmpty();
  }

  return {
    reuse<T extends object>(key: string, open: () => T, close: (value: T) => void): T {
      timer ??= setInterval(closeIdle, IDLE_MS / 4).unref();
      const cached = entries.get(key);
      if (cached) return cached.value as T;
      const value = open();
      entries.set(key, { value, close: () => close(value) });
      return value;
    },
    close() {
      entries.clear();
      stopIfEmpty();
    },
  };
}
