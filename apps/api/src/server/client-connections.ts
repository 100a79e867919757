import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { makeStoppable, stopParser } from '../http/stop-parser.js';
import type { ConnectionRefusal } from './connection-refusals.js';
import type { ServerLimits } from './server-limits.js';

/**
 * The open connections of clients. Node bounds neither the requests in flight on a connection nor who keeps it: this class
 * closes a connection with too many requests or unread answers, and the oldest one without a valid key when they run short.
 */
export class ClientConnections {
  /** Connections that have shown no valid key, oldest first. */
  private readonly withoutKey = new Set<Socket>();
  private readonly withKey = new Set<Socket>();
  /** Answers of each connection that are not sent in full yet. */
  private readonly pending = new WeakMap<Socket, Set<ServerResponse>>();

  constructor(
    private readonly limits: ServerLimits,
    private readonly countRefusal: (reason: ConnectionRefusal) => void,
  ) {}

  counts(): { withKey: number; withoutKey: number } {
    return { withKey: this.withKey.size, withoutKey: this.withoutKey.size };
  }

  /** Adds a connection. Those with a key never use up all of them, so that there is always another one to close. */
  open(socket: Socket): void {
    if (this.withKey.size + this.withoutKey.size >= this.limits.connections) {
      const [oldest] = this.withoutKey;
      if (oldest) this.close(oldest, 'too many connections');
    }
    makeStoppable(socket);
    this.withoutKey.add(socket);
    this.pending.set(socket, new Set());
    socket.once('close', () => this.forget(socket));
  }

  /** Whether a request may run. If not, its connection is closed. */
  admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const pending = this.pending.get(socket);
    // Requests that came in one packet are still parsed after their connection was closed.
    if (!pending || socket.destroyed) return false;
    const { inFlight, unreadBytes, idleMs } = this.limits;
    const most = this.withKey.has(socket) ? inFlight.withKey : inFlight.withoutKey;
    if (pending.size >= most) return this.close(socket, 'too many requests in flight');
    if (pending.size > 0 && unread(socket, pending) > unreadBytes) return this.close(socket, 'answers not read');
    pending.add(response);
    response.once('close', () => pending.delete(response));
    // Each call makes a new timer.
    if (socket.timeout !== idleMs) socket.setTimeout(idleMs);
    return true;
  }

  hasShownKey(socket: Socket): boolean {
    return this.withKey.has(socket);
  }

  /** Notes that the client has a valid key. Returns false if no more connections with a key are allowed. */
  showKey(socket: Socket): boolean {
    if (!this.withoutKey.has(socket)) return true;
    if (this.withKey.size >= this.limits.connections - this.limits.reserve) {
      this.countRefusal('too many connections with a key');
      return false;
    }
    this.withoutKey.delete(socket);
    this.withKey.add(socket);
    return true;
  }

  /** Limits the time that the client takes to read an answer; progress renews it. */
  expectReading(socket: Socket): void {
    if (this.pending.has(socket)) socket.setTimeout(this.limits.unreadMs);
  }

  /** Counts a connection that the idle time-out closes while an answer waits for its client. */
  timeOut(socket: Socket): void {
    const pending = this.pending.get(socket);
    if (pending && unread(socket, pending) > 0) this.countRefusal('answers not read');
    socket.destroy();
  }

  private close(socket: Socket, reason: ConnectionRefusal): false {
    this.countRefusal(reason);
    this.forget(socket);
    stopParser(socket);
    socket.destroy();
    return false;
  }

  private forget(socket: Socket): void {
    this.withoutKey.delete(socket);
    this.withKey.delete(socket);
    this.pending.delete(socket);
  }
}

/** Bytes that were written and not read: those of the socket, and those of answers that wait for an earlier one. */
function unread(socket: Socket, pending: ReadonlySet<ServerResponse>): number {
  let bytes = socket.writableLength;
  for (const response of pending) if (!response.socket) bytes += response.writableLength;
  return bytes;
}
