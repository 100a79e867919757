import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import { buildConnector } from 'undici';
import type { createNameLookup } from './name-lookup.js';
import { EgressDeniedError } from './network-failure.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long one of several addresses is tried before the next; Node's 250 ms is short for a far receiver. */
export const ADDRESS_TIMEOUT_MS = 500;

/** Resolves a name and passes on only addresses that may be reached: the one checked is the one connected to. */
export function createGuardedLookup(
  mayReach: (address: string) => boolean,
  lookup: ReturnType<typeof createNameLookup>,
): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, (error, all) => {
      const family = options.family === 'IPv4' ? 4 : options.family === 'IPv6' ? 6 : (options.family ?? 0);
      const found = family === 0 ? all : all.filter((one) => one.family === family);
      const allowed = found.filter((one) => mayReach(one.address));
      const first = allowed[0];
      if (error) callback(error, '');
      else if (!first) callback(new EgressDeniedError(hostname, all.map((one) => one.address).slice(0, 4)), '');
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

/** How a connection is opened: names through the guarded lookup, addresses checked as they stand. */
export function createGuardedConnect(
  mayReach: (address: string) => boolean,
  lookup: LookupFunction,
  caCert: string | undefined,
): buildConnector.connector {
  const connect = buildConnector({
    // Made once: building it from the system's authorities takes milliseconds.
    ...(caCert && { secureContext: createSecureContext({ ca: [...getCACertificates('default'), caCert] }) }),
    lookup,
    allowH2: false,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
    timeout: CONNECT_TIMEOUT_MS,
  });
  return (options, callback) => {
    // No lookup happens for an address in the URL.
    if (isIP(options.hostname) !== 0 && !mayReach(options.hostname)) {
      callback(new EgressDeniedError(options.hostname, [options.hostname]), null);
      return;
    }
    connect(options, callback);
  };
}
