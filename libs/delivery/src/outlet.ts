import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ChannelIo, createConnectionCache, type Platform } from '#libs/channels';
import type { RedisClient } from '#libs/redis';
import { createGuardedHttp, createGuardedSockets, createKeyedHash, createSecretBox } from '#libs/security';
import { createSharedTokens } from './shared-tokens.js';
import { createTokenStore } from './token-store.js';

export interface OutletOptions {
  /** Ranges of addresses, in CIDR notation, that no delivery may reach. */
  egressDeny: readonly string[];
  platform: Platform;
  /** Where processes share the tokens of credentials, and the key these are sealed with. */
  redis: RedisClient;
  secretKey: Buffer;
  /** Ended when the process gives up waiting. */
  signal: AbortSignal;
  /** Hears of what does not keep a delivery from going out. */
  onError(error: unknown): void;
}

/** The one way out of a process for all channels, and everything that they keep open. */
export interface Outlet {
  io: ChannelIo;
  /** To be called when no send is under way any more. */
  close(): Promise<void>;
}

export function createOutlet(options: OutletOptions): Outlet {
  const { egressDeny, platform, signal } = options;
  const http = createGuardedHttp({ deny: egressDeny });
  const sockets = createGuardedSockets({ deny: egressDeny });
  const connections = createConnectionCache();
  return {
    io: {
      http: (request) => http.http({ ...request, signal }),
      connect: (to) => sockets.connect({ ...to, signal }),
      resolve: sockets.resolve,
      reuse: connections.reuse,
      token: createTokenStore({ shared: tokensOf(options), sleep, now: () => performance.now(), signal }),
      platform,
      signal,
      now: () => new Date(),
    },
    async close() {
      connections.close();
      await http.close();
    },
  };
}

const tokensOf = ({ redis, secretKey, onError }: OutletOptions) =>
  createSharedTokens({
    redis,
    box: createSecretBox(secretKey),
    nameOf: createKeyedHash(secretKey, 'tokens'),
    process: randomUUID(),
    onError,
  });
