/** Answers what was opened under the key, or opens it. */
export type Keep = <T extends object>(key: string, open: () => T, close: (kept: T) => void) => T;

export interface Keeper {
  keep: Keep;
  /** Closes everything. */
  close(): void;
}

interface Kept {
  value: object;
  close(): void;
  usedAt: number;
}

/** What nobody asked for during this time is closed; longer than any send takes. */
const IDLE_MS = 90_000;
/** Beyond this many, the one not asked for longest is closed. */
const KEPT_MAX = 1_000;

/**
 * Keeps what is expensive to open, such as pools of connections. Closing must let what is under way come to its end, for
 * something may still be in use when its place is needed.
 * @param now milliseconds, from any beginning
 */
export function createKeeper(now: () => number = () => performance.now()): Keeper {
  /** In the order in which they were used. */
  const all = new Map<string, Kept>();
  let timer: NodeJS.Timeout | undefined;

  function closeWhile(isOver: (kept: Kept) => boolean): void {
    for (const [key, kept] of all) {
      if (!isOver(kept)) break;
      all.delete(key);
      kept.close();
    }
    if (all.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  const closeIdle = (): void => closeWhile((kept) => now() - kept.usedAt >= IDLE_MS);

  return {
    keep<T extends object>(key: string, open: () => T, close: (kept: T) => void): T {
      const value = (all.get(key)?.value as T | undefined) ?? open();
      all.delete(key);
      all.set(key, { value, close: () => close(value), usedAt: now() });
      closeWhile(() => all.size > KEPT_MAX);
      timer ??= setInterval(closeIdle, IDLE_MS / 4).unref();
      return value;
    },
    close: () => closeWhile(() => true),
  };
}
