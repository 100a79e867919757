/** A request without an answer, or a connection that could not be opened. The message has no part of the URL but the host. */
export class NetworkFailure extends Error {
  override readonly name: string = 'NetworkFailure';

  constructor(
    message: string,
    /** `TIMEOUT`, `ABORTED`, `CLOSED`, `EGRESS_DENIED`, `INVALID_REQUEST`, or the code of the system or TLS error. */
    readonly code: string,
    /** Part of the request left this machine, so it may have arrived. */
    readonly sent: boolean,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An address on the deny list. */
export class EgressDeniedError extends NetworkFailure {
  override readonly name = 'EgressDeniedError';

  constructor(host: string, addresses: readonly string[]) {
    const which = addresses.length === 1 && addresses[0] === host ? host : `${host} (${addresses.join(', ')})`;
    super(`${which} is an address that deliveries may not reach`, 'EGRESS_DENIED', false);
  }
}

/** The in-flight lease of a message had run out before its first byte was written; its delivery is taken again. */
export class LeaseExpired extends NetworkFailure {
  override readonly name = 'LeaseExpired';

  constructor() {
    super('the in-flight lease ran out, nothing was sent', 'LEASE_EXPIRED', false);
  }
}

/** Converts an error of the transport. The errors of several addresses are joined into one message. */
export function toNetworkFailure(error: unknown, sent: boolean): NetworkFailure {
  if (error instanceof NetworkFailure) return error;
  if (!(error instanceof Error)) return new NetworkFailure(String(error), 'UNKNOWN', sent);
  const own = (error as NodeJS.ErrnoException).code ?? 'UNKNOWN';
  const code = own === 'UND_ERR_INVALID_ARG' || own === 'UND_ERR_NOT_SUPPORTED' ? 'INVALID_REQUEST' : own;
  const message =
    error instanceof AggregateError && error.errors.length > 0
      ? [...new Set(error.errors.map((one) => (one instanceof Error ? one.message : String(one))))].join('; ')
      : error.message;
  return new NetworkFailure(message === '' ? code : message, code, sent, { cause: error });
}
