export interface Sharing {
  /** Shortest time between two computations, in milliseconds. */
  everyMs: number;
  /** Monotonic time in milliseconds. */
  now(): number;
}

/**
 * Shares the result of an expensive computation among all callers. A call during a run waits for it, and a call within the
 * interval from its start gets the same result. Open routes would otherwise run it for each request.
 */
export function sharedResult<T>(compute: () => Promise<T>, { everyMs, now }: Sharing): () => Promise<T> {
  let result: Promise<T> | undefined;
  let isRunning = false;
  let startedAt = 0;
  return () => {
    if (result && (isRunning || now() - startedAt < everyMs)) return result;
    startedAt = now();
    isRunning = true;
    result = compute().finally(() => {
      isRunning = false;
    });
    return result;
  };
}
