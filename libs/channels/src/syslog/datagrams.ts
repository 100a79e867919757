import { createSocket, type Socket } from 'node:dgram';
import { NetworkFailure, toNetworkFailure } from '../kit/index.js';

export interface DatagramAddress {
  address: string;
  family: 4 | 6;
  port: number;
}

/** Time to wait for a refusal by the receiver's host, in milliseconds: a round trip in a local network. */
const REFUSAL_MS = 20;
/** The same after a refusal that arrived too late for its message. */
const LATE_REFUSAL_MS = 1_000;

type End = (error?: Error) => void;

/**
 * Sends messages to one address over UDP, one datagram each. UDP confirms nothing, but the receiver's host may report
 * that the port is closed. The socket is connected to receive that report; if it arrives after the message counted as
 * delivered, the next messages wait longer.
 */
export class Datagrams {
  private socket: Promise<Socket> | undefined;
  private readonly inFlight = new Set<End>();
  private sending = 0;
  private refusedLate = false;
  private closing = false;

  constructor(private readonly to: DatagramAddress) {}

  /**
   * Resolves if no refusal arrives in time after the datagram is sent.
   * @param beforeWrite throws to refuse the datagram
   * @throws {NetworkFailure}
   */
  async send(message: string, beforeWrite: () => void): Promise<void> {
    this.sending++;
    try {
      this.socket ??= this.open();
      const socket = await this.socket;
      beforeWrite();
      await this.transmit(socket, message, this.refusedLate ? LATE_REFUSAL_MS : REFUSAL_MS);
      this.refusedLate = false;
    } catch (error) {
      throw refusalOf(error);
    } finally {
      this.sending--;
      this.closeIfIdle();
    }
  }

  /** Closes the socket after all sends have settled. */
  close(): void {
    this.closing = true;
    this.closeIfIdle();
  }

  private closeIfIdle(): void {
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
    if (this.inFlight.size === 0) this.refusedLate = true;
    for (const end of this.inFlight) end(error);
  }

  private transmit(socket: Socket, message: string, waitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const end: End = (error) => {
        clearTimeout(timer);
        this.inFlight.delete(end);
        if (error) reject(error);
        else resolve();
      };
      this.inFlight.add(end);
      socket.send(message, (error) => {
        if (error) end(error);
        // Node.js runs timers before it reads sockets, so a busy process would notice a refusal too late.
        else if (this.inFlight.has(end)) timer = setTimeout(() => setImmediate(end), waitMs);
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
    // Without a free port, a file descriptor or the address family, only this event ends the connect.
    socket.on('error', end);
    socket.connect(port, address, end as () => void);
  });
}

/** In each case the datagram was not received: this host or the receiver's reports it. */
function refusalOf(error: unknown): NetworkFailure {
  if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED') return toNetworkFailure(error, false);
  return new NetworkFailure('the UDP port of the receiver is closed', 'ECONNREFUSED', false, { cause: error });
}
