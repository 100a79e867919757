import type { NetworkFailure } from '../channel.js';

/** Why a message was not, or perhaps not, taken. */
export class SyslogFailure extends Error implements NetworkFailure {
  override readonly name = 'SyslogFailure';

  constructor(
    message: string,
    readonly code: string,
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a socket said; a failure stays what it is, but for whether anything was sent. */
export function toFailure(error: unknown, sent: boolean): SyslogFailure {
  const { message = 'unknown', code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
  return new SyslogFailure(message, code, sent, { cause: error });
}
