/** Those who wait for a condition that changes now and then. */
export interface Watchers {
  /** Something has changed: everybody looks again. */
  tell(): void;
  /** Ends when the condition holds, or the time is up. */
  until(condition: () => boolean, mostMs?: number): Promise<void>;
}

export function createWatchers(): Watchers {
  let waiting: (() => void)[] = [];
  return {
    tell() {
      const told = waiting;
      waiting = [];
      for (const look of told) look();
    },
    until(condition, mostMs) {
      return new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        let over = false;
        const end = (): void => {
          over = true;
          clearTimeout(timer);
          resolve();
        };
        const look = (): void => {
          if (over) return;
          if (condition()) end();
          else waiting.push(look);
        };
        if (mostMs !== undefined && !condition()) timer = setTimeout(end, Math.max(mostMs, 0));
        look();
      });
    },
  };
}
