/** Something done again and again until it is stopped. */
export interface Repeated {
  /** Ends a pause. */
  now(): void;
  stop(): Promise<void>;
}

const PAUSE_AFTER_FAILURES_MS_MAX = 5_000;

/**
 * Does a thing, waits, and does it again. Failures are told, and make the pauses longer until it succeeds again.
 * @param task answers whether there is more to do at once
 * @param pauseMs how long to wait otherwise
 */
export function repeat(
  task: () => Promise<boolean>,
  pauseMs: () => number,
  onError: (error: unknown) => void,
): Repeated {
  let stopped = false;
  let wake: () => void = () => {};
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = (async () => {
    let failures = 0;
    while (!stopped) {
      let more = false;
      try {
        more = await task();
        failures = 0;
      } catch (error) {
        failures += 1;
        onError(error);
      }
      const usual = pauseMs();
      const longer = Math.min(usual * 2 ** Math.min(failures, 10), Math.max(usual, PAUSE_AFTER_FAILURES_MS_MAX));
      if (!more && !stopped) await pause(longer);
    }
  })();
  return {
    now: () => wake(),
    async stop() {
      stopped = true;
      wake();
      await loop;
    },
  };
}
