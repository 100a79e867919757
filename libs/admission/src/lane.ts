/** Items of one caller in a lane. */
interface Submission<I, O> {
  items: readonly I[];
  results: O[];
  resolve(results: O[]): void;
  reject(error: unknown): void;
}

/** Processes items of several callers together; returns one result per item, in their order. */
export type Submit<I, O> = (items: readonly I[]) => Promise<O[]>;

/**
 * Runs one batch at a time; the next one has all items that arrived meanwhile. A single item runs at once; under load,
 * many callers share a round trip. Items keep their order. A failed batch fails all callers with items in it.
 */
export function createLane<I, O>(run: (items: I[]) => Promise<O[]>, batchMax: number): Submit<I, O> {
  const queue: Submission<I, O>[] = [];
  let running = false;

  /** Removes the next items from the queue, with their submissions. */
  function next(): { items: I[]; shares: { submission: Submission<I, O>; count: number }[] } {
    const items: I[] = [];
    const shares: { submission: Submission<I, O>; count: number }[] = [];
    for (const submission of queue) {
      const done = submission.results.length;
      const some = submission.items.slice(done, done + batchMax - items.length);
      if (some.length === 0) break;
      items.push(...some);
      shares.push({ submission, count: some.length });
    }
    return { items, shares };
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const { items, shares } = next();
      try {
        const results = await run(items);
        let from = 0;
        for (const { submission, count } of shares) {
          submission.results.push(...results.slice(from, from + count));
          from += count;
          if (submission.results.length < submission.items.length) continue;
          queue.shift();
          submission.resolve(submission.results);
        }
      } catch (error) {
        for (const { submission } of shares) {
          queue.shift();
          submission.reject(error);
        }
      }
    }
    running = false;
  }

  return (items) =>
    new Promise((resolve, reject) => {
      if (items.length === 0) return resolve([]);
      queue.push({ items, results: [], resolve, reject });
      if (running) return;
      running = true;
      void drain();
    });
}
