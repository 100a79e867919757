import type { Dispatcher } from 'undici';
import { NetworkFailure, toNetworkFailure } from '#libs/network';
import { BODY_BYTES_MAX, BODY_MS_MAX, EXCERPT_BYTES } from './answer-limits.js';
import { excerptOf } from './excerpt.js';
import { checkNextWrite } from './write-check.js';

export interface GuardedAnswer {
  status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  headers: Record<string, string | undefined>;
  /** The beginning of the body as text. */
  excerpt: string;
}

export interface ExchangeOptions {
  /** When the request must be over, on the clock of `now`. */
  endsAt: number;
  timeoutMs: number;
  /** The answer is complete only with its body. */
  awaitsBody: boolean;
  now(): number;
  /** Called directly before the request is written; throws to refuse it. */
  beforeWrite?: (() => void) | undefined;
  onAnswer(answer: GuardedAnswer): void;
  onFailure(failure: NetworkFailure): void;
  /** Called once, before `onAnswer` or `onFailure`. */
  onEnd(exchange: HttpExchange): void;
}

/**
 * One request and its answer, in the order of its methods. It ends once, with an answer or a failure; later events of
 * the HTTP client are ignored, and a request that has not started by then never starts.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private timer: NodeJS.Timeout;
  private ended = false;
  private status = 0;
  private headers: GuardedAnswer['headers'] = {};
  private readonly chunks: Buffer[] = [];
  private excerptBytes = 0;
  private bodyBytes = 0;

  constructor(private readonly options: ExchangeOptions) {
    this.timer = setTimeout(onTimeout, options.timeoutMs, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, as `beforeWrite` does, because aborting would close a healthy connection that other requests wait for.
    if (this.ended) throw new NetworkFailure('aborted before it was sent', 'ABORTED', false);
    const { beforeWrite } = this.options;
    beforeWrite?.();
    checkNextWrite(beforeWrite);
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
    if (!this.options.awaitsBody) this.limitBodyTime();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.ended) return;
    if (this.excerptBytes < EXCERPT_BYTES) {
      const wanted = chunk.subarray(0, EXCERPT_BYTES - this.excerptBytes);
      // Copied, because the client reuses the memory for the next bytes.
      this.chunks.push(Buffer.from(wanted));
      this.excerptBytes += wanted.length;
    }
    this.bodyBytes += chunk.length;
    if (this.bodyBytes <= BODY_BYTES_MAX) return;
    this.succeed();
    controller.abort(new NetworkFailure('the answer exceeds the body limit', 'ABORTED', true));
  }

  onResponseEnd(): void {
    if (!this.ended) this.succeed();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.ended) return;
    // A known status is the answer, even if the body breaks off.
    if (this.status > 0) this.succeed();
    else this.fail(toNetworkFailure(error, this.controller !== undefined));
  }

  /** Ends the exchange early: with the answer if its status is known, otherwise with a failure. */
  stop(code: 'TIMEOUT' | 'ABORTED', message: string): void {
    if (this.ended) return;
    const sent = this.controller !== undefined;
    const failure = new NetworkFailure(sent ? message : `${message}, nothing was sent`, code, sent);
    if (this.status > 0) this.succeed();
    else this.fail(failure);
    this.controller?.abort(failure);
  }

  private limitBodyTime(): void {
    const { endsAt, now } = this.options;
    clearTimeout(this.timer);
    this.timer = setTimeout(onTimeout, Math.max(1, Math.min(BODY_MS_MAX, endsAt - now())), this);
  }

  private succeed(): void {
    this.end();
    const body = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.options.onAnswer({
      status: this.status,
      headers: this.headers,
      excerpt: excerptOf(body, this.headers['content-encoding'], this.bodyBytes > this.excerptBytes),
    });
  }

  private fail(failure: NetworkFailure): void {
    this.end();
    this.options.onFailure(failure);
  }

  private end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.options.onEnd(this);
  }
}

/** One function for all exchanges, so that a timer costs no closure. */
function onTimeout(exchange: HttpExchange): void {
  exchange.stop('TIMEOUT', 'no answer in time');
}
