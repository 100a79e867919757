import { createSocket, type Socket } from 'node:dgram';
import { NetworkFailure, toNetworkFailure } from '../kit/index.js';

export interface DatagramAddress {
  address: string;
  family: 4 | 6;
  port: number;
}

/** How long a refusal by the receiver's machine is waited for: a round trip in a network nearby. */
const REFUSAL_MS = 20;
/** The same, where one came too late to be told of the message it was for. */
const LATE_REFUSAL_MS = 1_000;

type End = (error?: Error) => void;

/**
 * Messages to one address over UDP, each in a datagram. UDP proves nothing: at best the receiver's machine says that
 * nobody listens. The socket is connected, so that it hears of that, which may be after the message was counted as
 * delivered; those that follow wait longer.
 */
export class Datagrams {
  private socket: Promise<Socket> | undefined;
  private readonly underWay = new Set<End>();
  private sending = 0;
  private refusedLate = false;
  private closing = false;

  constructor(private readonly to: DatagramAddress) {}

  /** Settles when the datagram has left and nobody refused it. @throws {NetworkFailure} */
  async send(message: string): Promise<void> {
    this.sending++;
    try {
      this.socket ??= this.open();
      const socket = await this.socket;
      await this.transmit(socket, message, this.refusedLate ? LATE_REFUSAL_MS : REFUSAL_MS);
      this.refusedLate = false;
    } catch (error) {
      throw refusalOf(error);
    } finally {
      this.sending--;
      this.closeIfOver();
    }
  }

  /** Closes when what is under way has ended. */
  close(): void {
    this.closing = true;
    this.closeIfOver();
  }

  private closeIfOver(): void {
    if (!this.closing || this.sending > 0) return;
    this.socket?.then(
      (socket) => socket.close(),
      () => {},
    );
    this.socket = undefined;
  }

  private open(): Promise<Socket> {
    const opening = connected(this.to);
    opening.then(
      (socket) => socket.on('error', (error) => this.onError(error)),
      () => {
        this.socket = undefined;
      },
    );
    return opening;
  }

  private onError(error: Error): void {
    if (this.underWay.size === 0) this.refusedLate = true;
    for (const end of this.underWay) end(error);
  }

  private transmit(socket: Socket, message: string, patienceMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end: End = (error) => {
        clearTimeout(timer);
        this.underWay.delete(end);
        if (error) reject(error);
        else resolve();
      };
      this.underWay.add(end);
      socket.send(message, (error) => {
        if (error) end(error);
        // Timers come before what the network has for us: in a busy process a refusal would be seen too late.
        else if (this.underWay.has(end)) timer = setTimeout(() => setImmediate(end), patienceMs);
      });
    });
  }
}

function connected({ address, family, port }: DatagramAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
    const end: End = (error) => {
      socket.off('error', end);
      if (!error) return resolve(socket);
      socket.close();
      reject(error);
    };
    // Where the system has no port, no file or no such family of addresses for it, connecting never ends otherwise.
    socket.on('error', end);
    socket.connect(port, address, end as () => void);
  });
}

/** None of these were taken: the system says so itself, or the receiver's does. */
function refusalOf(error: unknown): NetworkFailure {
  if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') return toNetworkFailure(error, false);
  return new NetworkFailure('nobody listens at the UDP port', 'ECONNREFUSED', false, { cause: error });
}
