/** Limits the concurrent work of each key; further work of a key waits for its own. */
export interface FairShare {
  /** Runs the work when its key is below the limit. After an abort it runs at once, and must end by itself. */
  run<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createFairShare(eachMax: number): FairShare {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  function begin(key: string, signal: AbortSignal): Promise<void> {
    const now = running.get(key) ?? 0;
    if (now < eachMax) {
      running.set(key, now + 1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const queue = waiting.get(key) ?? [];
      waiting.set(key, queue);
      const start = (): void => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      };
      const onAbort = (): void => {
        queue.splice(queue.indexOf(start), 1);
        running.set(key, (running.get(key) ?? 0) + 1);
        start();
      };
      signal.addEventListener('abort', onAbort);
      queue.push(start);
    });
  }

  function end(key: string): void {
    const next = waiting.get(key)?.shift();
    if (next) {
      next();
      return;
    }
    waiting.delete(key);
    const left = (running.get(key) ?? 1) - 1;
    if (left > 0) running.set(key, left);
    else running.delete(key);
  }

  return {
    async run(key, signal, work) {
      await begin(key, signal);
      try {
        return await work();
      } finally {
        end(key);
      }
    },
  };
}
