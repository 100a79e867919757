import type { Socket } from 'node:net';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { NetworkFailure, toNetworkFailure } from '../kit/index.js';
import type { Patience } from './within.js';

interface Entry {
  frame: Buffer;
  /** Ends it, with why it was not taken; whatever comes after that is ignored. */
  end(failure?: NetworkFailure): void;
}

/** A connection, and why it is of no more use. */
interface Line {
  socket: Socket;
  lost?: NetworkFailure;
  /** Gives up what is being written. */
  giveUp?(failure: NetworkFailure): void;
}

/** What waits is written together, up to this. */
const BATCH_BYTES_MAX = 65_536;
/** How long after a write the receiver may still be seen to have gone: a round trip in a network nearby. */
const LOSS_MS = 20;

/**
 * Messages to one receiver over a connection that is kept and opened again when it is gone, each with the number of its
 * bytes before it (https://www.rfc-editor.org/rfc/rfc6587#section-3.4.1). No receiver confirms a message: one counts as
 * taken when the system has all of it and the connection outlives it by a moment. Where a write does not come to its
 * end, the connection is given up, for nothing may follow half a message.
 */
export class SyslogStream {
  private line: Line | undefined;
  private readonly waiting: Entry[] = [];
  private writing: Entry[] = [];
  private busy = false;
  private unconfirmed = 0;
  private closing = false;

  constructor(private readonly open: () => Promise<Socket>) {}

  /** @throws {NetworkFailure} `sent` tells whether the message may have been taken. */
  send(message: string, { timeoutMs, signal }: Patience): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = Buffer.from(message);
      const late = () => this.giveUp(entry, 'TIMEOUT', `the receiver did not take it within ${timeoutMs} ms`);
      const given = () => this.giveUp(entry, 'ABORTED', 'given up');
      const timer = setTimeout(late, timeoutMs);
      signal.addEventListener('abort', given);
      const entry: Entry = {
        frame: Buffer.concat([Buffer.from(`${bytes.length} `), bytes]),
        end(failure) {
          clearTimeout(timer);
          signal.removeEventListener('abort', given);
          if (failure) reject(failure);
          else resolve();
        },
      };
      this.waiting.push(entry);
      void this.work();
    });
  }

  /** Closes when what is under way has ended. */
  close(): void {
    this.closing = true;
    this.closeIfOver();
  }

  private closeIfOver(): void {
    if (this.closing && !this.busy && this.unconfirmed === 0) this.line?.socket.destroySoon();
  }

  private giveUp(entry: Entry, code: string, message: string): void {
    const place = this.waiting.indexOf(entry);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      entry.end(new NetworkFailure(`${message}, nothing was sent`, code, false));
    } else if (this.writing.includes(entry)) {
      this.line?.giveUp?.(new NetworkFailure(message, code, true));
    }
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    while (this.waiting.length > 0) {
      try {
        const line = await this.connected();
        this.writing = this.nextBatch();
        await this.write(line, this.writing);
      } catch (error) {
        for (const entry of this.waiting.splice(0)) entry.end(toNetworkFailure(error, false));
      }
    }
    this.busy = false;
    this.closeIfOver();
  }

  private async connected(): Promise<Line> {
    if (this.line) {
      // The receiver may have closed it since: what has arrived of that is seen now, not after the next write.
      await setImmediate();
      await setImmediate();
    }
    if (this.line && !this.line.lost) return this.line;
    this.line = undefined;
    const socket = await this.open();
    const line: Line = { socket };
    const lose = (failure: NetworkFailure): void => {
      line.lost ??= failure;
      line.giveUp?.(line.lost);
      socket.destroy();
    };
    const closed = (): void => lose(new NetworkFailure('the receiver closed the connection', 'ECONNRESET', true));
    socket.on('error', (error) => lose(toNetworkFailure(error, true)));
    socket.on('end', closed).on('close', closed);
    socket.setKeepAlive(true, 10_000);
    // What a receiver says is of no interest, but for that it ends.
    socket.resume();
    this.line = line;
    return line;
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

  private async write(line: Line, batch: Entry[]): Promise<void> {
    if (batch.length === 0) return;
    const failure = await new Promise<NetworkFailure | undefined>((settle) => {
      line.giveUp = settle;
      line.socket.write(Buffer.concat(batch.map((entry) => entry.frame)), (error) =>
        settle(error ? (line.lost ?? toNetworkFailure(error, true)) : undefined),
      );
    });
    line.giveUp = undefined;
    this.writing = [];
    if (failure) {
      line.lost ??= failure;
      line.socket.destroy();
      for (const entry of batch) entry.end(failure);
    } else {
      void this.confirm(line, batch);
    }
  }

  private async confirm(line: Line, batch: readonly Entry[]): Promise<void> {
    this.unconfirmed++;
    await sleep(LOSS_MS);
    // Timers come before what the network has for us: in a busy process it would be seen too late.
    await setImmediate();
    this.unconfirmed--;
    for (const entry of batch) entry.end(line.lost);
    this.closeIfOver();
  }
}
