import { NetworkFailure, toNetworkFailure } from '#libs/network';
import { createEgressGuard } from '../egress/egress-guard.js';
import { createGuardedLookup } from '../egress/guarded-lookup.js';
import { createNameLookup, type Resolve } from '../egress/name-lookup.js';
import { createAbortGroups } from './abort-groups.js';
import { createConnectionPools } from './connection-pools.js';
import { type GuardedAnswer, HttpExchange } from './http-exchange.js';

export interface GuardedRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  headers: Record<string, string>;
  body: string;
  /** Time limit of everything, from the wait for a connection to the body of the answer. */
  timeoutMs: number;
  /** The body of the answer is awaited. Without it the status is the answer, and a slow body is cut off. */
  awaitsBody?: boolean;
  /** PEM of an authority to trust besides the system's. */
  caCert?: string;
  signal: AbortSignal;
  /** Called directly before the first byte of the request is written, on an open connection; throws to refuse it. */
  beforeWrite?: (() => void) | undefined;
}

export interface GuardedHttpOptions {
  /** Address ranges, in CIDR notation, that no request may reach. */
  deny: readonly string[];
  /** Most connections open to one origin; further requests wait for one, within their timeout. */
  connectionsPerOrigin?: number;
  /** How names are resolved; by default as the system does. */
  resolve?: Resolve;
}

export interface GuardedHttp {
  /** @throws {NetworkFailure} when there is no answer; `sent` says whether the request may have arrived */
  http(request: GuardedRequest): Promise<GuardedAnswer>;
  /** Refuses new requests, waits for open ones, and closes every connection. */
  close(): Promise<void>;
}

/**
 * The only HTTP client of deliveries. Connections are kept alive, redirects are not followed, the limits of
 * `answer-limits.ts` hold, and no address of the deny list is connected to, under any name.
 */
export function createGuardedHttp({ deny, connectionsPerOrigin, resolve: byName }: GuardedHttpOptions): GuardedHttp {
  const mayReach = createEgressGuard(deny);
  const lookup = createGuardedLookup(mayReach, createNameLookup(byName));
  const pools = createConnectionPools({ mayReach, lookup, connectionsPerOrigin });
  const open = new Set<HttpExchange>();
  const aborted = createAbortGroups();
  let closing = false;
  let onIdle: (() => void) | undefined;

  function http(request: GuardedRequest): Promise<GuardedAnswer> {
    return new Promise((onAnswer, onFailure) => {
      const { url, method, headers, body, timeoutMs, awaitsBody = false, caCert, signal, beforeWrite } = request;
      if (closing) throw new NetworkFailure('closing, nothing was sent', 'CLOSED', false);
      if (signal.aborted) throw new NetworkFailure('aborted, nothing was sent', 'ABORTED', false);
      const { origin, path } = split(url);
      const pool = pools.of(caCert);
      const now = () => performance.now();
      const onEnd = (exchange: HttpExchange) => {
        open.delete(exchange);
        aborted.remove(signal, exchange);
        if (open.size === 0) onIdle?.();
      };
      const endsAt = now() + timeoutMs;
      const exchange = new HttpExchange({
        endsAt,
        timeoutMs,
        awaitsBody,
        now,
        beforeWrite,
        onAnswer,
        onFailure,
        onEnd,
      });
      open.add(exchange);
      aborted.add(signal, exchange);
      try {
        pool.dispatch({ origin, path, method, headers, body: body === '' ? null : body }, exchange);
      } catch (error) {
        exchange.onResponseError(null, toNetworkFailure(error, false));
      }
    });
  }

  return {
    http,
    async close() {
      closing = true;
      if (open.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await pools.destroy();
    },
  };
}

function split(text: string): { origin: string; path: string } {
  const url = URL.parse(text);
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new NetworkFailure('not an http or https URL', 'INVALID_REQUEST', false);
  }
  return { origin: url.origin, path: url.pathname + url.search };
}
