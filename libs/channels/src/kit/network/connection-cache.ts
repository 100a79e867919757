/** Returns the value cached under the key, or opens it. */
export type Reuse = <T extends object>(key: string, open: () => T, close: (value: T) => void) => T;

export interface ConnectionCache {
  reuse: Reuse;
  /** Closes every cached value. */
  close(): void;
}

interface Entry {
  value: object;
  close(): void;
  usedAt: number;
}

/** Time without use after which a value is closed; longer than the time limit of any send. */
const IDLE_MS = 90_000;
/** Maximum number of values; beyond it the least recently used one is closed. */
const VALUES_MAX = 1_000;

/**
 * Caches values that are expensive to open, such as connection pools. An evicted value may still be in use, so closing
 * it must let its work in progress finish.
 * @param now milliseconds since any fixed time
 */
export function createConnectionCache(now: () => number = () => performance.now()): ConnectionCache {
  /** Least recently used first. */
  const all = new Map<string, Entry>();
  let timer: NodeJS.Timeout | undefined;

  function closeWhile(isOver: (entry: Entry) => boolean): void {
    for (const [key, entry] of all) {
      if (!isOver(entry)) break;
      all.delete(key);
      entry.close();
    }
    if (all.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  const closeIdle = (): void => closeWhile((entry) => now() - entry.usedAt >= IDLE_MS);

  return {
    reuse<T extends object>(key: string, open: () => T, close: (value: T) => void): T {
      const value = (all.get(key)?.value as T | undefined) ?? open();
      all.delete(key);
      all.set(key, { value, close: () => close(value), usedAt: now() });
      closeWhile(() => all.size > VALUES_MAX);
      timer ??= setInterval(closeIdle, IDLE_MS / 4).unref();
      return value;
    },
    close: () => closeWhile(() => true),
  };
}
