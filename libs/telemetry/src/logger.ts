import { type Logger, pino } from 'pino';

export type { Logger };

/** Creates the logger of a process: JSON lines on standard output, errors with their causes. */
export function createLogger(process: 'api' | 'worker' | 'migrate', level: string): Logger {
  return pino({ name: `tocsin-${process}`, level, serializers: { err: describeError } });
}

interface DescribedError {
  type: string;
  message: string;
  code?: unknown;
  stack?: string;
  cause?: DescribedError | string;
}

const CAUSES_MAX = 5;

/** Fields of an error for the log. Other fields are dropped: client libraries attach connections with credentials. */
export function describeError(error: unknown, causes = CAUSES_MAX): DescribedError | string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack ? { stack: error.stack } : {}),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: describeError(error.cause, causes - 1) }),
  };
}
