import { Agent } from 'undici';
import { createAbortGroups } from './abort-groups.js';
import { createEgressGuard } from './egress-guard.js';
import { Exchange, type GuardedAnswer } from './exchange.js';
import { createGuardedConnect, createGuardedLookup } from './guarded-connect.js';
import { createNameLookup, type Resolve } from './name-lookup.js';
import { NetworkFailure, toNetworkFailure } from './network-failure.js';

export interface GuardedRequest {
  url: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  headers: Record<string, string>;
  body: string;
  /** Covers everything from the wait for a connection to the body of the answer. */
  timeoutMs: number;
  /** The body of the answer counts and is waited for; otherwise the status is the answer, and a slow body is left. */
  awaitsBody?: boolean;
  /** PEM of an authority to trust besides the system's. */
  caCert?: string;
  signal: AbortSignal;
}

export interface GuardedHttpOptions {
  /** Ranges of addresses, in CIDR notation, that no request may reach. */
  deny: readonly string[];
  /** Most connections open to one origin; further requests to it wait for one, within their timeout. */
  connectionsPerOrigin?: number;
  /** How names are resolved: as the system does, unless told otherwise. */
  resolve?: Resolve;
}

export interface GuardedHttp {
  /** @throws {NetworkFailure} when there is no answer; `sent` tells whether the request may have arrived. */
  http(request: GuardedRequest): Promise<GuardedAnswer>;
  /** Takes no more requests, waits for those under way, and closes every connection. */
  close(): Promise<void>;
}

const CONNECTIONS_PER_ORIGIN = 256;
/** Each custom authority has connections of its own; beyond this many the one longest unused is closed. */
const AGENTS_MAX = 64;
const HEADER_BYTES_MAX = 16_384;

/**
 * The only way a delivery reaches the network over HTTP. Connections are kept alive; redirects are not followed,
 * no more than the beginning of an answer is kept, and no address of the deny list is connected to, whatever a name resolves to.
 */
export function createGuardedHttp(options: GuardedHttpOptions): GuardedHttp {
  const mayReach = createEgressGuard(options.deny);
  const lookup = createGuardedLookup(mayReach, createNameLookup(options.resolve));
  const agents = new Map<string, Agent>();
  const underWay = new Set<Exchange>();
  const aborted = createAbortGroups();
  let closing = false;
  let onIdle: (() => void) | undefined;

  function agentFor(caCert = ''): Agent {
    let agent = agents.get(caCert);
    if (!agent) {
      agent = new Agent({
        connect: createGuardedConnect(mayReach, lookup, caCert || undefined),
        allowH2: false,
        connections: options.connectionsPerOrigin ?? CONNECTIONS_PER_ORIGIN,
        pipelining: 1,
        maxHeaderSize: HEADER_BYTES_MAX,
        // The exchange's own timer covers both.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    } else if (caCert === '') {
      return agent;
    }
    agents.delete(caCert);
    agents.set(caCert, agent);
    if (agents.size > AGENTS_MAX) forgetOldest();
    return agent;
  }

  function forgetOldest(): void {
    for (const [caCert, agent] of agents) {
      if (caCert === '') continue;
      agents.delete(caCert);
      void agent.close();
      return;
    }
  }

  function http(request: GuardedRequest): Promise<GuardedAnswer> {
    return new Promise((resolve, reject) => {
      if (closing) throw new NetworkFailure('closing, nothing was sent', 'CLOSED', false);
      if (request.signal.aborted) throw new NetworkFailure('given up, nothing was sent', 'ABORTED', false);
      const { origin, path } = split(request.url);
      const agent = agentFor(request.caCert);
      const now = performance.now();
      const forget = (exchange: Exchange) => {
        underWay.delete(exchange);
        aborted.remove(request.signal, exchange);
        if (underWay.size === 0) onIdle?.();
      };
      const { timeoutMs, awaitsBody = false } = request;
      const times = { endsAt: now + timeoutMs, timeoutMs, awaitsBody };
      const exchange = new Exchange(times, () => performance.now(), resolve, reject, forget);
      underWay.add(exchange);
      aborted.add(request.signal, exchange);
      try {
        const { method, headers, body } = request;
        agent.dispatch({ origin, path, method, headers, body: body === '' ? null : body }, exchange);
      } catch (error) {
        exchange.onResponseError(null, toNetworkFailure(error, false));
      }
    });
  }

  return {
    http,
    async close() {
      closing = true;
      if (underWay.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
      agents.clear();
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
