import { connect as connectSocket, isIP, type LookupFunction, type Socket } from 'node:net';
import { createEgressGuard } from './egress-guard.js';
import { ADDRESS_TIMEOUT_MS, createGuardedLookup } from './guarded-connect.js';
import { createNameLookup, type Resolve } from './name-lookup.js';
import { EgressDeniedError, NetworkFailure, toNetworkFailure } from './network-failure.js';

export interface GuardedSocketsOptions {
  /** Ranges of addresses, in CIDR notation, that nothing may reach. */
  deny: readonly string[];
  /** How names are resolved: as the system does, unless told otherwise. */
  resolve?: Resolve;
}

export interface GuardedSockets {
  /** @throws {NetworkFailure} when there is no connection within the time; nothing was sent then. */
  connect(to: { host: string; port: number; timeoutMs: number; signal: AbortSignal }): Promise<Socket>;
  /** The first address of a host that may be reached. @throws {NetworkFailure} */
  resolve(host: string): Promise<{ address: string; family: 4 | 6 }>;
}

/** The only way a delivery reaches the network otherwise than over HTTP: no address of the deny list is connected to. */
export function createGuardedSockets(options: GuardedSocketsOptions): GuardedSockets {
  const mayReach = createEgressGuard(options.deny);
  const lookup = createGuardedLookup(mayReach, createNameLookup(options.resolve));
  return {
    async connect({ host, port, timeoutMs, signal }) {
      if (signal.aborted) throw new NetworkFailure('given up, nothing was sent', 'ABORTED', false);
      refuseDenied(host, mayReach);
      return open(host, port, timeoutMs, signal, lookup);
    },
    async resolve(host) {
      refuseDenied(host, mayReach);
      const literal = isIP(host);
      if (literal !== 0) return { address: host, family: literal as 4 | 6 };
      return new Promise((resolve, reject) => {
        lookup(host, { family: 0 }, (error, address, family) => {
          if (error) reject(toNetworkFailure(error, false));
          else resolve({ address: String(address), family: family === 6 ? 6 : 4 });
        });
      });
    },
  };
}

/** No lookup happens for an address. */
function refuseDenied(host: string, mayReach: (address: string) => boolean): void {
  if (isIP(host) !== 0 && !mayReach(host)) throw new EgressDeniedError(host, [host]);
}

function open(
  host: string,
  port: number,
  timeoutMs: number,
  signal: AbortSignal,
  lookup: LookupFunction,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connectSocket({
      host,
      port,
      lookup,
      autoSelectFamily: true,
      autoSelectFamilyAttemptTimeout: ADDRESS_TIMEOUT_MS,
      noDelay: true,
    });
    const leave = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', fail);
      socket.removeListener('connect', succeed);
    };
    // Whoever is handed it listens too, but where nobody did, an error would end the process.
    socket.on('error', () => {});
    const fail = (error: Error): void => {
      leave();
      socket.destroy();
      reject(toNetworkFailure(error, false));
    };
    const succeed = (): void => {
      leave();
      resolve(socket);
    };
    const onAbort = (): void => fail(new NetworkFailure('given up, nothing was sent', 'ABORTED', false));
    const late = `no connection to ${host}:${port} within ${timeoutMs} ms`;
    const timer = setTimeout(() => fail(new NetworkFailure(late, 'TIMEOUT', false)), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.once('error', fail);
    socket.once('connect', succeed);
  });
}
