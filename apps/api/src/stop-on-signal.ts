import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '#libs/telemetry';

/** Time for running requests to end; their connections are closed after it. */
const FINISH_MS = 7_000;
/** Time for the whole stop; the process exits after it. */
const STOP_MS_MAX = 9_500;

/**
 * Closes the application on SIGTERM, SIGINT and the end of the supervisor, and exits with 0. Nest's own shutdown hooks
 * know neither a supervisor nor deadlines.
 */
export function stopOnSignal(app: NestFastifyApplication, log: Logger): void {
  let stopping = false;
  const stop = async (reason: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ why: reason }, 'stopping');
    setTimeout(() => process.exit(0), STOP_MS_MAX).unref();
    setTimeout(() => app.getHttpServer().closeAllConnections(), FINISH_MS).unref();
    try {
      await app.close();
    } catch (error) {
      log.warn({ err: error }, 'stopping failed in part');
    }
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.once('disconnect', () => void stop('the supervisor is gone'));
}
