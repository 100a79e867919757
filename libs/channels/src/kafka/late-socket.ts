import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { ConnectionFailure } from '../kit/index.js';

export interface LateSocketEvents {
  connected(): void;
  /** Bytes are about to leave. */
  writing(bytes: Buffer): void;
  closed(): void;
}

/**
 * What kafkajs takes for a socket. It wants one at once, while a connection through the egress guard is there only when
 * the address is known and checked and, with TLS, the other side has proved who it is.
 */
export class LateSocket extends EventEmitter {
  private socket: Socket | undefined;
  private isOver = false;

  constructor(
    opening: Promise<Socket>,
    private readonly events: LateSocketEvents,
  ) {
    super();
    opening.then(
      (socket) => this.opened(socket),
      (error) => this.lost(error),
    );
  }

  write(bytes: Buffer): void {
    this.events.writing(bytes);
    this.socket?.write(bytes);
  }

  /** What was written leaves first. */
  end(): void {
    if (this.socket) this.socket.destroySoon();
    else this.destroy();
  }

  /** At once. Whoever waits for a connection or an answer is told that none will come: kafkajs would go on waiting. */
  destroy(): void {
    this.socket?.destroy();
    this.lost(new ConnectionFailure('the connection was closed', 'CLOSED', false));
  }

  unref(): void {
    this.socket?.unref();
  }

  private opened(socket: Socket): void {
    if (this.isOver) {
      socket.destroy();
      return;
    }
    this.socket = socket;
    socket.setKeepAlive(true, 10_000);
    socket.on('data', (data) => this.emit('data', data));
    socket.on('end', () => this.emit('end'));
    socket.on('error', (error) => this.lost(error));
    socket.on('close', () => this.events.closed());
    this.events.connected();
  }

  private lost(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.events.closed();
    // Not before kafkajs, which may be in the middle of something, expects it.
    queueMicrotask(() => this.emit('error', error));
  }
}
