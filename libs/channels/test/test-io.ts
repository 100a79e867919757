import { createGuardedHttp, createGuardedSockets } from '#libs/outbound';
import type { ChannelIo, Platform } from '../src/channel.js';
import { createConnectionCache } from '../src/kit/network/connection-cache.js';
import { createTokensOfOneProcess } from './tokens-of-one-process.js';

export interface TestIo {
  /** The resources that a channel has in production, except the clock. */
  io(signal?: AbortSignal, now?: Date): ChannelIo;
  /** Closes the connections of channels. */
  close(): Promise<void>;
}

export const TEST_NOW = new Date('2026-11-20T08:00:00Z');

export function createTestIo({ deny = [] as string[], platform = {} as Platform } = {}): TestIo {
  const http = createGuardedHttp({ deny });
  const sockets = createGuardedSockets({ deny });
  const connections = createConnectionCache();
  const token = createTokensOfOneProcess();
  return {
    io: (signal = new AbortController().signal, now = TEST_NOW) => ({
      http: (request) => http.http({ ...request, signal }),
      connect: (to) => sockets.connect({ ...to, signal }),
      resolve: sockets.resolve,
      reuse: connections.reuse,
      token,
      platform,
      signal,
      beforeWrite: () => {},
      now: () => now,
    }),
    async close() {
      connections.close();
      await http.close();
    },
  };
}
