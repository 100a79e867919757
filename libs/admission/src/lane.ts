/** Items of one caller on their way through a lane. */
interface Submission<I, O> {
  items: readonly I[];
  results: O[];
  resolve(results: O[]): void;
  reject(error: unknown): void;
}

/** Hands items on, whatever call they came with; answers one result an item, in their order. */
export type Submit<I, O> = (items: readonly I[]) => Promise<O[]>;

/**
 * One batch at a time, and in the next whatever came meanwhile: alone, an item goes at once; under load, many callers
 * share a round trip. Items keep the order in which they were submitted. A batch that fails fails all whose items were
 * in it.
 */
export function createLane<I, O>(run: (items: I[]) => Promise<O[]>, batchMax: number): Submit<I, O> {
  const queue: Submission<I, O>[] = [];
  let running = false;

  /** The next items of the queue, with the submissions they belong to. */
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
