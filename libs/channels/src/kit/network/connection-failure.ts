import type { NetworkFailure } from '../http/http-request.js';

/** Why a message was not, or perhaps not, taken. */
export class ConnectionFailure extends Error implements NetworkFailure {
  override readonly name = 'ConnectionFailure';

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
export function toFailure(error: unknown, sent: boolean): ConnectionFailure {
  const { message = 'unknown', code = 'UNKNOWN' } = error as NodeJS.ErrnoException;
  return new ConnectionFailure(message, code, sent, { cause: error });
}
