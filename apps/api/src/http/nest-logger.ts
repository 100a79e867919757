import type { LoggerService } from '@nestjs/common';
import type { Logger } from '#libs/telemetry';

/** Logs messages of the framework in the project's format, without those of its start. */
export function nestLogger(log: Logger): LoggerService {
  const context = (rest: unknown[]) => ({ context: String(rest.at(-1) ?? '') });
  return {
    log: () => undefined,
    debug: () => undefined,
    verbose: () => undefined,
    warn: (message: unknown, ...rest: unknown[]) => log.warn(context(rest), String(message)),
    error: (message: unknown, ...rest: unknown[]) => {
      if (message instanceof Error) log.error({ err: message, ...context(rest) }, 'the framework reports an error');
      else log.error(context(rest), String(message));
    },
    fatal: (message: unknown, ...rest: unknown[]) => log.fatal(context(rest), String(message)),
  };
}
