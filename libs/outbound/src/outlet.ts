import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelIo, createConnectionCache, type Platform } from '#libs/channels';
import type { RedisClient } from '#libs/redis';
import { createKeyedHash, createSecretBox } from '#libs/security';
import { createAccessTokenStore } from './access-tokens/access-token-store.js';
import { createSharedAccessTokens } from './access-tokens/shared-access-tokens.js';
import { createGuardedSockets } from './egress/guarded-sockets.js';
import { createGuardedHttp } from './http/guarded-http.js';

export interface OutletOptions {
  /** Address ranges, in CIDR notation, that no delivery may reach. */
  egressDeny: readonly string[];
  platform: Platform;
  /** Shares access tokens among processes. */
  redis: RedisClient;
  /** Seals the shared access tokens. */
  secretKey: Buffer;
  /** Aborted when the process stops waiting for receivers. */
  signal: AbortSignal;
  /** Called for errors that do not prevent a delivery. */
  onError(error: unknown): void;
}

/** The outlet of a process: all that its channels may use to reach providers, with the connections they keep open. */
export interface Outlet {
  io: ChannelIo;
  /** To be called when no send is in flight. */
  close(): Promise<void>;
}

export function createOutlet(options: OutletOptions): Outlet {
  const { egressDeny, platform, signal } = options;
  const http = createGuardedHttp({ deny: egressDeny });
  const sockets = createGuardedSockets({ deny: egressDeny });
  const connections = createConnectionCache();
  const shared = shareTokens(options);
  return {
    io: {
      http: (request) => http.http({ ...request, signal }),
      connect: (to) => sockets.connect({ ...to, signal }),
      resolve: sockets.resolve,
      reuse: connections.reuse,
      token: createAccessTokenStore({ shared, sleep, now: () => performance.now(), signal }),
      platform,
      signal,
      // Each send replaces it by the check of its own lease.
      beforeWrite: () => {},
      now: () => new Date(),
    },
    async close() {
      connections.close();
      await http.close();
    },
  };
}

const shareTokens = ({ redis, secretKey, onError }: OutletOptions) =>
  createSharedAccessTokens({
    redis,
    box: createSecretBox(secretKey),
    nameOf: createKeyedHash(secretKey, 'tokens'),
    process: randomUUID(),
    onError,
  });
