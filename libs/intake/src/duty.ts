import { within } from '#libs/contracts';
import type { LeaderLock, RepeatLoop } from '#libs/redis';

/** A task of a process that runs until it is stopped. */
export interface Duty {
  start(): void;
  /** Ends the duty and passes its lock on. Waits at most a second: Redis may be away, and the lock then expires. */
  stop(): Promise<void>;
}

const STOP_MS_MAX = 1_000;

/** A duty made of loops, of which one process at a time does those that need the lock. */
export function createDuty(lock: LeaderLock, startLoops: () => RepeatLoop[]): Duty {
  let loops: RepeatLoop[] = [];
  return {
    start() {
      loops = startLoops();
    },
    async stop() {
      const stopped = Promise.all(loops.map((loop) => loop.stop())).then(() => lock.release());
      await within(STOP_MS_MAX, stopped).catch(() => {});
    },
  };
}
