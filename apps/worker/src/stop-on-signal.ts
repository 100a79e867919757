import type { INestApplicationContext } from '@nestjs/common';
import type { Logger } from '#libs/telemetry';

/** Longer than the wait for sends. Without Redis nothing can be settled: in-flight leases expire instead. */
const STOP_MS_MAX = 12_000;

/**
 * Closes the application on SIGTERM, SIGINT and the end of the supervisor, and exits with 0, or with 1 at the deadline.
 * Nest's own shutdown hooks know neither a supervisor nor deadlines.
 */
export function stopOnSignal(app: INestApplicationContext, logger: Logger): void {
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    logger.info({ why: reason }, 'stopping after the deliveries in flight');
    setTimeout(() => {
      logger.warn('the stop took too long; deliveries in flight are taken again when their in-flight leases expire');
      process.exit(1);
    }, STOP_MS_MAX);
    await app.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  // Without the supervisor nothing would restart or stop this process.
  process.on('disconnect', () => void stop('disconnect'));
}
