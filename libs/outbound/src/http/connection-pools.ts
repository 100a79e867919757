import type { LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import { createGuardedConnect } from '../egress/guarded-connect.js';
import { HEADER_BYTES_MAX } from './answer-limits.js';
import { checkWrites } from './write-check.js';

/** Most connections open to one origin. */
const CONNECTIONS_PER_ORIGIN = 256;
/** Most pools of custom authorities; beyond that the least recently used is closed. */
const CUSTOM_POOLS_MAX = 64;

export interface ConnectionPoolsOptions {
  mayReach(address: string): boolean;
  lookup: LookupFunction;
  connectionsPerOrigin?: number | undefined;
}

/** Keeps connections alive: one pool for the system's authorities, and one for each custom authority. */
export interface ConnectionPools {
  of(caCert: string | undefined): Agent;
  destroy(): Promise<void>;
}

export function createConnectionPools(options: ConnectionPoolsOptions): ConnectionPools {
  const { mayReach, lookup, connectionsPerOrigin = CONNECTIONS_PER_ORIGIN } = options;
  const open = (caCert?: string): Agent =>
    new Agent({
      connect: createGuardedConnect(mayReach, lookup, caCert, checkWrites),
      allowH2: false,
      connections: connectionsPerOrigin,
      pipelining: 1,
      maxHeaderSize: HEADER_BYTES_MAX,
      // The timer of the exchange covers both.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  const systemPool = open();
  const customPools = new LRUCache<string, Agent>({
    max: CUSTOM_POOLS_MAX,
    dispose: (pool, _caCert, reason) => {
      if (reason === 'evict') void pool.close();
    },
  });
  return {
    of(caCert) {
      if (!caCert) return systemPool;
      const known = customPools.get(caCert);
      if (known) return known;
      const pool = open(caCert);
      customPools.set(caCert, pool);
      return pool;
    },
    async destroy() {
      await Promise.all([systemPool, ...customPools.values()].map((pool) => pool.destroy()));
      customPools.clear();
    },
  };
}
