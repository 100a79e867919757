/** Something done again and again until it is stopped. */
export interface Repeated {
  stop(): Promise<void>;
}

/**
 * Does a thing, waits, and does it again. Failures are told and followed by the same wait.
 * @param task answers whether there is more to do at once
 */
export function repeat(task: () => Promise<boolean>, pauseMs: number, onError: (error: unknown) => void): Repeated {
  let stopped = false;
  let wake: () => void = () => {};
  const loop = (async () => {
    while (!stopped) {
      const more = await task().catch((error: unknown) => {
        onError(error);
        return false;
      });
      if (more || stopped) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    async stop() {
      stopped = true;
      wake();
      await loop;
    },
  };
}
