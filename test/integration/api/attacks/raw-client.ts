import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Api } from '../open-api.js';

/** Port of an API that listens on loopback. */
export async function listen({ app }: Api): Promise<number> {
  await app.listen(0, '127.0.0.1');
  return (app.getHttpServer().address() as { port: number }).port;
}

/** Closes the API without waiting for connections that a failed test left open. */
export async function closeAll({ app, close }: Api): Promise<void> {
  app.getHttpServer().closeAllConnections();
  await close();
}

/** A connection of a client that writes what a library would refuse to write. */
export class RawClient {
  received = '';
  private readonly closing: Promise<void>;

  private constructor(readonly socket: Socket) {
    this.closing = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Keeps what the server answers; without it nothing is read. */
  read(): this {
    this.socket.on('data', (chunk) => {
      this.received += chunk.toString('latin1');
    });
    return this;
  }

  write(text: string | Buffer): void {
    if (!this.socket.destroyed) this.socket.write(text);
  }

  get isClosed(): boolean {
    return this.socket.destroyed;
  }

  closed(): Promise<void> {
    return this.closing;
  }

  /** Statuses of the answers so far. */
  statuses(): number[] {
    return [...this.received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  destroy(): void {
    this.socket.destroy();
  }
}

export const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: api\r\n${headers}\r\n`;

export const post = (path: string, headers: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n${headers}\r\n`;
