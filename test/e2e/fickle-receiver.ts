import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';

/** An accepted message: one that was answered with 2xx. */
export interface TakenMessage {
  id: string;
  event: string;
  policy: string;
  object: string;
  level: string;
  labels: Record<string, string>;
}

type Content = Omit<TakenMessage, 'id' | 'event'> & { event_id: string };

/** Shares of requests that fail, by the kind of failure. The others are accepted. */
export interface Moods {
  unavailable: number;
  throttled: number;
  reset: number;
  hang: number;
}

/** A receiver that fails at random. It records the accepted messages in the order of its answers. */
export class FickleReceiver {
  readonly taken: TakenMessage[] = [];
  readonly refusals: Record<keyof Moods, number> = { unavailable: 0, throttled: 0, reset: 0, hang: 0 };
  /** Number of requests whose sender was gone before they were read. */
  abandoned = 0;
  private server: Server;

  static async start(moods: Moods, random: () => number): Promise<FickleReceiver> {
    const receiver = new FickleReceiver(moods, random);
    receiver.server = createServer((request, response) => receiver.read(request, response));
    await new Promise<void>((resolve) => receiver.server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  private constructor(
    private readonly moods: Moods,
    private readonly random: () => number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  /** Accepts every request from now on. */
  calm(): void {
    Object.assign(this.moods, { unavailable: 0, throttled: 0, reset: 0, hang: 0 });
  }

  private read(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on(
      'end',
      () => void this.answerLater(String(request.headers['webhook-id']), Buffer.concat(chunks), response),
    );
  }

  /**
   * Answers two turns of the event loop later. On a busy machine a sender may have given up before its request is read;
   * its connection is closed by then, and the request is not accepted.
   */
  private async answerLater(id: string, body: Buffer, response: ServerResponse): Promise<void> {
    await setImmediate();
    await setImmediate();
    if (response.closed || response.socket === null || response.socket.destroyed) this.abandoned += 1;
    else this.answer(id, body, response);
  }

  private answer(id: string, body: Buffer, response: ServerResponse): void {
    const mood = this.mood();
    if (mood) this.refusals[mood] += 1;
    // A request that is reset or hangs is not accepted: its sender has no answer, and must not act as if it had one.
    if (mood === 'hang') return;
    if (mood === 'reset') {
      response.socket?.resetAndDestroy();
    } else if (mood === 'unavailable') {
      response.writeHead(503).end();
    } else if (mood === 'throttled') {
      response.writeHead(429, { 'retry-after': '1' }).end();
    } else {
      const { event_id: event, policy, object, level, labels } = JSON.parse(body.toString()) as Content;
      this.taken.push({ id, event, policy, object, level, labels });
      response.writeHead(200).end();
    }
  }

  private mood(): keyof Moods | undefined {
    let drawn = this.random();
    for (const mood of Object.keys(this.moods) as (keyof Moods)[]) {
      drawn -= this.moods[mood];
      if (drawn < 0) return mood;
    }
    return undefined;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
