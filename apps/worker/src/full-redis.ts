import type { RedisWatch } from '#libs/redis';
import type { Logger } from '#libs/telemetry';

/**
 * Pauses the queues while Redis is full, first and at every change: BullMQ's workers would retry in a full Redis without
 * pause, and turns run without them.
 */
export function pauseQueuesWhileFull(watch: RedisWatch, pauseQueues: (full: boolean) => void, logger: Logger): void {
  let paused = false;
  const check = (): void => {
    if (watch.full() === paused) return;
    paused = watch.full();
    if (paused) logger.warn({ fullness: watch.fullness() }, 'Redis is full; turns run without their queues');
    else logger.info({ fullness: watch.fullness() }, 'Redis has room; turns run from their queues again');
    pauseQueues(paused);
  };
  watch.onLook(check);
  check();
}
