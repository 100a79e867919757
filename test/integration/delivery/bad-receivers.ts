import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** Handles each request of a bad receiver. */
type Misdeed = (socket: Socket) => void;

/** A receiver that accepts connections and requests and never answers one properly. */
export interface BadReceiver {
  readonly url: string;
  /** Number of requests, including retries. */
  readonly requests: number;
  /** Closes every connection, so that no request hangs any more. */
  stop(): Promise<void>;
}

const DRIP_EVERY_MS = 1_000;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100000\r\n\r\n';

/** Reads and never answers. */
export const hanging = (): Promise<BadReceiver> => startBad(() => {});

/** Begins an answer at once and continues it by one byte a second. */
export const dripping = (): Promise<BadReceiver> =>
  startBad((socket) => {
    socket.write(HEAD);
    const drip = setInterval(() => socket.write('.'), DRIP_EVERY_MS);
    socket.once('close', () => clearInterval(drip));
  });

/** Reads the request and resets the connection. */
export const resetting = (): Promise<BadReceiver> => startBad((socket) => socket.resetAndDestroy());

/** An address without a listener: port 1 is reserved. Each number has its own loopback address, so its own origin. */
export const dead = async (number = 1): Promise<BadReceiver> => ({
  url: `http://127.0.0.${number}:1/`,
  requests: 0,
  stop: async () => {},
});

/** Every kind of bad receiver, by the word that completes “an endpoint that is …”. */
export const BAD_RECEIVERS: Record<string, () => Promise<BadReceiver>> = { hanging, dripping, resetting, dead };

async function startBad(misdeed: Misdeed): Promise<BadReceiver> {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text: string) => {
      // Requests are small and come one after the other, so a chunk with a request line begins one.
      if (!/^(POST|PUT|PATCH) /.test(text)) return;
      requests += 1;
      misdeed(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    get requests() {
      return requests;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
