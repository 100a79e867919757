import { isIP, type LookupFunction, type Socket } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import { buildConnector } from 'undici';
import { EgressDeniedError } from '#libs/network';
import { ADDRESS_TIMEOUT_MS, CONNECT_TIMEOUT_MS } from './connect-timeouts.js';

/**
 * Opens connections for the HTTP client: names through the guarded lookup, literal addresses checked directly.
 * @param onOpen called with each open connection, after TLS
 */
export function createGuardedConnect(
  mayReach: (address: string) => boolean,
  lookup: LookupFunction,
  caCert: string | undefined,
  onOpen: (socket: Socket) => void,
): buildConnector.connector {
  const connect = buildConnector({
    // Built once: collecting the system's authorities takes milliseconds.
    ...(caCert && { secureContext: createSecureContext({ ca: [...getCACertificates('default'), caCert] }) }),
    lookup,
    allowH2: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    timeout: CONNECT_TIMEOUT_MS,
  });
  return (options, callback) => {
    // A literal address in the URL is not looked up.
    if (isIP(options.hostname) !== 0 && !mayReach(options.hostname)) {
      callback(new EgressDeniedError(options.hostname, [options.hostname]), null);
      return;
    }
    connect(options, (error, socket) => {
      if (socket) onOpen(socket);
      if (error) callback(error, null);
      else callback(null, socket);
    });
  };
}
