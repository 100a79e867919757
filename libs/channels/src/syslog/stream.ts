import type { Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { NetworkFailure, toNetworkFailure } from '../kit/index.js';

/** Limits of waiting for a send. */
export interface SendLimits {
  timeoutMs: number;
  signal: AbortSignal;
  /** Called directly before the message is written; throws to refuse it. */
  beforeWrite(): void;
}

interface Entry {
  frame: Buffer;
  beforeWrite(): void;
  /** Settles the send, with the failure if there is one; later calls are ignored. */
  settle(failure?: NetworkFailure): void;
}

/** Settles a message that is refused before it is written. */
function mayBeWritten(entry: Entry): boolean {
  try {
    entry.beforeWrite();
    return true;
  } catch (error) {
    entry.settle(toNetworkFailure(error, false));
    return false;
  }
}

/** A connection, with the failure that ended it. */
interface Connection {
  socket: Socket;
  failure?: NetworkFailure;
  /** Aborts the write in progress. */
  giveUp?(failure: NetworkFailure): void;
}

/** Maximum bytes of waiting messages that are written together. */
const BATCH_BYTES_MAX = 65_536;
/** Time after a write in which a lost connection is noticed, in milliseconds: a round trip in a local network. */
const LOSS_MS = 20;

/**
 * Sends messages to one receiver over a connection that is reopened when it is lost. Each message follows its number of
 * bytes (https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1). Receivers confirm nothing: a message counts as accepted
 * if the operating system has all of it and the connection lasts a moment longer. An incomplete write closes the
 * connection, because nothing may follow a partial message.
 */
export class SyslogStream {
  private connection: Connection | undefined;
  private readonly waiting: Entry[] = [];
  private writing: Entry[] = [];
  private busy = false;
  private unconfirmed = 0;
  private closing = false;

  constructor(private readonly open: () => Promise<Socket>) {}

  /** @throws {NetworkFailure} `sent` says whether the receiver may have the message */
  send(message: string, { timeoutMs, signal, beforeWrite }: SendLimits): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(message);
      const onTimeout = () =>
        this.giveUp(entry, 'TIMEOUT', `the receiver did not accept the message within ${timeoutMs} ms`);
      const onAbort = () => this.giveUp(entry, 'ABORTED', 'given up');
      const timer = setTimeout(onTimeout, timeoutMs);
      signal.addEventListener('abort', onAbort);
      const entry: Entry = {
        frame: Buffer.concat([Buffer.from(`${bytes.length} `), bytes]),
        beforeWrite,
        settle(failure) {
          clearTimeout(timer);
          signal.removeEventListener('abort', onAbort);
          if (failure) reject(failure);
          else resolve();
        },
      };
      this.waiting.push(entry);
      void this.sendWaiting();
    });
  }

  /** Closes the connection after all sends have settled. */
  close(): void {
    this.closing = true;
    this.closeIfIdle();
  }

  private closeIfIdle(): void {
    if (this.closing && !this.busy && this.unconfirmed === 0) this.connection?.socket.destroySoon();
  }

  private giveUp(entry: Entry, code: string, message: string): void {
    const index = this.waiting.indexOf(entry);
    if (index >= 0) {
      this.waiting.splice(index, 1);
      entry.settle(new NetworkFailure(`${message}, nothing was sent`, code, false));
    } else if (this.writing.includes(entry)) {
      this.connection?.giveUp?.(new NetworkFailure(message, code, true));
    }
  }

  private async sendWaiting(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length > 0) {
      try {
        const connection = await this.connected();
        this.writing = this.nextBatch().filter(mayBeWritten);
        await this.write(connection, this.writing);
      } catch (error) {
        for (const entry of this.waiting.splice(0)) entry.settle(toNetworkFailure(error, false));
      }
    }
    this.busy = false;
    this.closeIfIdle();
  }

  private async connected(): Promise<Connection> {
    if (this.connection) {
      // Two turns of the event loop, so that a connection that the receiver has closed is noticed before the next write.
      await setImmediate();
      await setImmediate();
    }
    if (this.connection && !this.connection.failure) return this.connection;
    this.connection = undefined;
    const socket = await this.open();
    const connection: Connection = { socket };
    const fail = (failure: NetworkFailure): void => {
      connection.failure ??= failure;
      connection.giveUp?.(connection.failure);
      socket.destroy();
    };
    const closed = (): void => fail(new NetworkFailure('the receiver closed the connection', 'ECONNRESET', true));
    socket.on('error', (error) => fail(toNetworkFailure(error, true)));
    socket.on('end', closed).on('close', closed);
    socket.setKeepAlive(true, 10_000);
    // Data from a receiver is discarded; only the end of the connection matters.
    socket.resume();
    this.connection = connection;
    return connection;
  }

  private nextBatch(): Entry[] {
    let bytes = 0;
    let count = 0;
    for (const { frame } of this.waiting) {
      bytes += frame.length;
      if (count > 0 && bytes > BATCH_BYTES_MAX) break;
      count++;
    }
    return this.waiting.splice(0, count);
  }

  private async write(connection: Connection, batch: Entry[]): Promise<void> {
    if (batch.length === 0) return;
    const failure = await new Promise<NetworkFailure | undefined>((settle) => {
      connection.giveUp = settle;
      connection.socket.write(Buffer.concat(batch.map((entry) => entry.frame)), (error) =>
        settle(error ? (connection.failure ?? toNetworkFailure(error, true)) : undefined),
      );
    });
    connection.giveUp = undefined;
    this.writing = [];
    if (failure) {
      connection.failure ??= failure;
      connection.socket.destroy();
      for (const entry of batch) entry.settle(failure);
    } else {
      void this.confirm(connection, batch);
    }
  }

  private async confirm(connection: Connection, batch: readonly Entry[]): Promise<void> {
    this.unconfirmed++;
    await sleep(LOSS_MS);
    // Node.js runs timers before it reads sockets, so a busy process would notice a lost connection too late.
    await setImmediate();
    this.unconfirmed--;
    for (const entry of batch) entry.settle(connection.failure);
    this.closeIfIdle();
  }
}
