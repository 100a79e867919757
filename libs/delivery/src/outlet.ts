import { type ChannelIo, createKeeper, createTokensOfOneProcess, type Platform } from '#libs/channels';
import { createGuardedHttp, createGuardedSockets } from '#libs/security';

export interface OutletOptions {
  /** Ranges of addresses, in CIDR notation, that no delivery may reach. */
  egressDeny: readonly string[];
  platform: Platform;
  /** Ended when the process gives up waiting. */
  signal: AbortSignal;
}

/** The one way out of a process for all channels, and everything that they keep open. */
export interface Outlet {
  io: ChannelIo;
  /** To be called when no send is under way any more. */
  close(): Promise<void>;
}

export function createOutlet({ egressDeny, platform, signal }: OutletOptions): Outlet {
  const http = createGuardedHttp({ deny: egressDeny });
  const sockets = createGuardedSockets({ deny: egressDeny });
  const keeper = createKeeper();
  return {
    io: {
      http: (request) => http.http({ ...request, signal }),
      connect: (to) => sockets.connect({ ...to, signal }),
      resolve: sockets.resolve,
      keep: keeper.keep,
      token: createTokensOfOneProcess(),
      platform,
      signal,
      now: () => new Date(),
    },
    async close() {
      keeper.close();
      await http.close();
    },
  };
}
