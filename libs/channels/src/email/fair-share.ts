/** Lets each of several have some things under way at once; the rest of what it wants waits for its own. */
export interface FairShare {
  /** Runs the work when it is the turn of this one. Once the signal has ended, work begins at once, to end by itself. */
  run<T>(who: string, signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

export function createFairShare(eachMax: number): FairShare {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();

  function begin(who: string, signal: AbortSignal): Promise<void> {
    const now = running.get(who) ?? 0;
    if (now < eachMax) {
      running.set(who, now + 1);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const queue = waiting.get(who) ?? [];
      waiting.set(who, queue);
      const go = (): void => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = (): void => {
        queue.splice(queue.indexOf(go), 1);
        running.set(who, (running.get(who) ?? 0) + 1);
        go();
      };
      signal.addEventListener('abort', giveUp);
      queue.push(go);
    });
  }

  function end(who: string): void {
    const next = waiting.get(who)?.shift();
    if (next) {
      next();
      return;
    }
    waiting.delete(who);
    const left = (running.get(who) ?? 1) - 1;
    if (left > 0) running.set(who, left);
    else running.delete(who);
  }

  return {
    async run(who, signal, work) {
      await begin(who, signal);
      try {
        return await work();
      } finally {
        end(who);
      }
    },
  };
}
