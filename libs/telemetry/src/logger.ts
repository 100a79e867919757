import { type Logger, pino, stdSerializers } from 'pino';

export type { Logger };

/** Logs of one process: JSON lines on standard output, errors with their causes. */
export function createLogger(process: 'api' | 'worker' | 'migrate', level: string): Logger {
  return pino({ name: `tocsin-${process}`, level, serializers: { err: stdSerializers.errWithCause } });
}
