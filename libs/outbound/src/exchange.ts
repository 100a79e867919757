import type { Dispatcher } from 'undici';
import { EXCERPT_BYTES, excerptOf } from './excerpt.js';
import { NetworkFailure, toNetworkFailure } from './network-failure.js';

export interface GuardedAnswer {
  status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  headers: Record<string, string | undefined>;
  /** The beginning of the body as text. */
  excerpt: string;
}

/** Once the status is known, how long the body may take where it is of interest and no more. */
const BODY_MS = 1_000;
/** A longer body is not read to its end: opening another connection is cheaper. */
const BODY_BYTES_MAX = 65_536;

/**
 * One request and its answer, as the HTTP client sees it. Ends exactly once: with the answer, or with why there is
 * none. Whatever the client reports after that is ignored, and a request that has not begun by then never begins.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private timer: NodeJS.Timeout;
  private ended = false;
  private status = 0;
  private headers: GuardedAnswer['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private excerptBytes = 0;
  private bodyBytes = 0;

  constructor(
    private readonly times: { endsAt: number; timeoutMs: number; awaitsBody: boolean },
    private readonly now: () => number,
    private readonly resolve: (answer: GuardedAnswer) => void,
    private readonly reject: (failure: NetworkFailure) => void,
    private readonly onEnd: (exchange: Exchange) => void,
  ) {
    this.timer = setTimeout(onTime, times.timeoutMs, this);
  }

  /** Gives up: with the answer if its status is known, else with this failure. */
  stop(code: 'TIMEOUT' | 'ABORTED', message: string): void {
    if (this.ended) return;
    const sent = this.controller !== undefined;
    const failure = new NetworkFailure(sent ? message : `${message}, nothing was sent`, code, sent);
    if (this.status > 0) this.answer();
    else this.fail(failure);
    this.controller?.abort(failure);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, not aborted: aborting would close a healthy connection that others wait for.
    if (this.ended) throw new NetworkFailure('given up before it was sent', 'ABORTED', false);
    this.controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.ended || status < 200) return;
    this.status = status;
    for (const name in headers) {
      const value = headers[name];
      this.headers[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    const { endsAt, awaitsBody } = this.times;
    if (awaitsBody) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(onTime, Math.max(1, Math.min(BODY_MS, endsAt - this.now())), this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return;
    if (this.excerptBytes < EXCERPT_BYTES) {
      const wanted = chunk.subarray(0, EXCERPT_BYTES - this.excerptBytes);
      // Copied: the client reads the next bytes into the same memory.
      this.chunks.push(Buffer.from(wanted));
      this.excerptBytes += wanted.length;
    }
    this.bodyBytes += chunk.length;
    if (this.bodyBytes <= BODY_BYTES_MAX) return;
    this.answer();
    controller.abort(new NetworkFailure('the answer is longer than is read', 'ABORTED', true));
  }

  onResponseEnd(): void {
    if (!this.ended) this.answer();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.ended) return;
    // Its status was the answer; a body that breaks off changes nothing about it.
    if (this.status > 0) this.answer();
    else this.fail(toNetworkFailure(error, this.controller !== undefined));
  }

  private answer(): void {
    this.end();
    const body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.resolve({
      status: this.status,
      headers: this.headers,
      excerpt: excerptOf(body, this.headers['content-encoding'], this.bodyBytes > this.excerptBytes),
    });
  }

  private fail(failure: NetworkFailure): void {
    this.end();
    this.reject(failure);
  }

  private end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.onEnd(this);
  }
}

function onTime(exchange: Exchange): void {
  exchange.stop('TIMEOUT', 'no answer in time');
}
