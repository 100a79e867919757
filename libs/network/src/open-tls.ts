import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { NetworkFailure, toNetworkFailure } from './network-failure.js';

/** A TLS context that trusts the authorities of the system and, if given, one more in PEM form. */
export function trustedAuthorities(caCert: string | undefined): SecureContext {
  return createSecureContext(caCert === undefined ? {} : { ca: [...getCACertificates('default'), caCert] });
}

/**
 * Starts TLS on an open connection. The certificate must be issued by a trusted authority for the name of the host.
 * @throws {NetworkFailure}
 */
export function openTls(
  socket: Socket,
  { host, secureContext, timeoutMs }: { host: string; secureContext: SecureContext; timeoutMs: number },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = connect({ socket, host, secureContext, ...(isIP(host) === 0 && { servername: host }) });
    const fail = (failure: NetworkFailure): void => {
      clearTimeout(timer);
      secure.destroy();
      socket.destroy();
      reject(failure);
    };
    const timer = setTimeout(
      () => fail(new NetworkFailure(`no TLS handshake with ${host} within ${timeoutMs} ms`, 'TIMEOUT', false)),
      timeoutMs,
    );
    for (const each of [socket, secure]) each.on('error', (error) => fail(toNetworkFailure(error, false)));
    secure.once('close', () =>
      fail(new NetworkFailure(`${host} closed the connection before TLS`, 'ECONNRESET', false)),
    );
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(secure);
    });
  });
}
