/** A task that runs again and again until it is stopped. */
export interface RepeatLoop {
  /** Ends the present pause. */
  now(): void;
  /** Ends the loop; resolves when the running task has ended. */
  stop(): Promise<void>;
}

const PAUSE_AFTER_FAILURES_MS_MAX = 5_000;

/**
 * Runs a task, pauses, and runs it again. Failures are reported to `onError` and double the pause until it succeeds.
 * @param task resolves to true when there is more to do at once
 * @param pauseMs the pause otherwise, in milliseconds
 */
export function repeat(
  task: () => Promise<boolean>,
  pauseMs: () => number,
  onError: (error: unknown) => void,
): RepeatLoop {
  let stopped = false;
  let endPause: () => void = () => {};
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      endPause = () => {
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
    now: () => endPause(),
    async stop() {
      stopped = true;
      endPause();
      await loop;
    },
  };
}
