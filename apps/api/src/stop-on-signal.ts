import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '#libs/telemetry';

/** What is being answered may end by itself; after this its connection is cut. */
const FINISH_WITHIN_MS = 7_000;
/** And if anything else hangs, the process ends all the same. */
const EXIT_WITHIN_MS = 9_500;

/** Stops in good order on SIGTERM, SIGINT, and when the supervisor that started this process is gone. */
export function stopOnSignal(
  app: NestFastifyApplication,
  { log, afterwards }: { log: Logger; afterwards: () => Promise<void> },
): void {
  let stopping = false;
  const stop = async (why: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ why }, 'stopping');
    setTimeout(() => process.exit(0), EXIT_WITHIN_MS).unref();
    setTimeout(() => app.getHttpServer().closeAllConnections(), FINISH_WITHIN_MS).unref();
    try {
      await app.close();
      await afterwards();
    } catch (error) {
      log.warn({ err: error }, 'stopping was not clean');
    }
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  process.once('disconnect', () => void stop('the supervisor is gone'));
}
