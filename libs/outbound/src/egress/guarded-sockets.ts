import { connect as connectSocket, isIP, type LookupFunction, type Socket } from 'node:net';
import { EgressDeniedError, NetworkFailure, toNetworkFailure } from '#libs/network';
import { ADDRESS_TIMEOUT_MS } from './connect-timeouts.js';
import { createEgressGuard } from './egress-guard.js';
import { createGuardedLookup } from './guarded-lookup.js';
import { createNameLookup, type Resolve } from './name-lookup.js';

export interface GuardedSocketsOptions {
  /** Address ranges, in CIDR notation, that no connection may reach. */
  deny: readonly string[];
  /** How names are resolved; by default as the system does. */
  resolve?: Resolve;
}

export interface GuardedSockets {
  /** @throws {NetworkFailure} when there is no connection within `timeoutMs`; nothing was sent. */
  connect(to: { host: string; port: number; timeoutMs: number; signal: AbortSignal }): Promise<Socket>;
  /** Resolves a host to its first address that may be reached. @throws {NetworkFailure} */
  resolve(host: string): Promise<{ address: string; family: 4 | 6 }>;
}

/** The only sockets of a delivery besides HTTP. No address of the deny list is connected to. */
export function createGuardedSockets(options: GuardedSocketsOptions): GuardedSockets {
  const mayReach = createEgressGuard(options.deny);
  const lookup = createGuardedLookup(mayReach, createNameLookup(options.resolve));
  return {
    async connect({ host, port, timeoutMs, signal }) {
      if (signal.aborted) throw new NetworkFailure('aborted, nothing was sent', 'ABORTED', false);
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

/** A literal address is not looked up, so it is checked here. */
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
    const cleanUp = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.removeListener('error', fail);
      socket.removeListener('connect', succeed);
    };
    // An error event without a listener would end the process.
    socket.on('error', () => {});
    const fail = (error: Error): void => {
      cleanUp();
      socket.destroy();
      reject(toNetworkFailure(error, false));
    };
    const succeed = (): void => {
      cleanUp();
      resolve(socket);
    };
    const onAbort = (): void => fail(new NetworkFailure('aborted, nothing was sent', 'ABORTED', false));
    const message = `no connection to ${host}:${port} within ${timeoutMs} ms`;
    const timer = setTimeout(() => fail(new NetworkFailure(message, 'TIMEOUT', false)), timeoutMs);
    signal.addEventListener('abort', onAbort);
    socket.once('error', fail);
    socket.once('connect', succeed);
  });
}
