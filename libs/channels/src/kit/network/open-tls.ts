import { isIP, type Socket } from 'node:net';
import { connect, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { ConnectionFailure, toFailure } from './connection-failure.js';

/** The system's authorities, and one besides. */
export function trusting(caCert: string | undefined): SecureContext {
  return createSecureContext(caCert === undefined ? {} : { ca: [...getCACertificates('default'), caCert] });
}

/** TLS over a connection: the other side's certificate must be of an authority that is trusted, and for its name. */
export function openTls(
  socket: Socket,
  { host, secureContext, timeoutMs }: { host: string; secureContext: SecureContext; timeoutMs: number },
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = connect({ socket, host, secureContext, ...(isIP(host) === 0 && { servername: host }) });
    const fail = (failure: ConnectionFailure): void => {
      clearTimeout(timer);
      secure.destroy();
      socket.destroy();
      reject(failure);
    };
    const timer = setTimeout(
      () => fail(new ConnectionFailure(`no TLS with ${host} within ${timeoutMs} ms`, 'TIMEOUT', false)),
      timeoutMs,
    );
    for (const each of [socket, secure]) each.on('error', (error) => fail(toFailure(error, false)));
    secure.once('close', () =>
      fail(new ConnectionFailure(`${host} closed the connection before TLS`, 'ECONNRESET', false)),
    );
    secure.once('secureConnect', () => {
      clearTimeout(timer);
      resolve(secure);
    });
  });
}
