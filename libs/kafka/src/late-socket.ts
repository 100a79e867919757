import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { NetworkFailure } from '#libs/network';

export interface LateSocketEvents {
  connected(): void;
  /** Called before the bytes are written to the connection; throws to close it instead. */
  writing(bytes: Buffer): void;
  closed(): void;
}

/**
 * A socket for kafkajs whose connection opens later. kafkajs expects a socket at once, but a guarded connection exists
 * only after the address is resolved and checked and, with TLS, the certificate of the broker is verified.
 */
export class LateSocket extends EventEmitter {
  private socket: Socket | undefined;
  private isClosed = false;

  constructor(
    opening: Promise<Socket>,
    private readonly events: LateSocketEvents,
  ) {
    super();
    opening.then(
      (socket) => this.onOpen(socket),
      (error) => this.onFailure(error),
    );
  }

  write(bytes: Buffer): void {
    try {
      this.events.writing(bytes);
    } catch {
      this.destroy();
      return;
    }
    this.socket?.write(bytes);
  }

  /** Closes the connection after everything written has been sent. */
  end(): void {
    if (this.socket) this.socket.destroySoon();
    else this.destroy();
  }

  /** Closes the connection at once and emits an error; without it kafkajs would wait for answers for ever. */
  destroy(): void {
    this.socket?.destroy();
    this.onFailure(new NetworkFailure('the connection was closed', 'CLOSED', false));
  }

  unref(): void {
    this.socket?.unref();
  }

  private onOpen(socket: Socket): void {
    if (this.isClosed) {
      socket.destroy();
      return;
    }
    this.socket = socket;
    socket.setKeepAlive(true, 10_000);
    socket.on('data', (data) => this.emit('data', data));
    socket.on('end', () => this.emit('end'));
    socket.on('error', (error) => this.onFailure(error));
    socket.on('close', () => this.events.closed());
    this.events.connected();
  }

  private onFailure(error: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.events.closed();
    // Deferred, because kafkajs does not expect an error event during its own calls.
    queueMicrotask(() => this.emit('error', error));
  }
}
