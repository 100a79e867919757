/** A condition variable: callers wait until a condition on changing state holds. */
export interface Changes {
  /** The state has changed: every waiting condition is checked again. */
  notify(): void;
  /** Resolves when the condition holds, or after `mostMs`. */
  until(condition: () => boolean, mostMs?: number): Promise<void>;
}

export function createChanges(): Changes {
  let waiting: (() => void)[] = [];
  return {
    notify() {
      const checks = waiting;
      waiting = [];
      for (const check of checks) check();
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
        const check = (): void => {
          if (over) return;
          if (condition()) end();
          else waiting.push(check);
        };
        if (mostMs !== undefined && !condition()) timer = setTimeout(end, Math.max(mostMs, 0));
        check();
      });
    },
  };
}
