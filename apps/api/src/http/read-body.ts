import type { Readable } from 'node:stream';
import { BODY_BYTES_MAX, BODY_TOO_LARGE } from './body-limit.js';
import { ChunkLimit } from './chunk-limit.js';
import { Problem } from './problem.js';

const FIRST_BYTES = 4_096;
/** Least rate of a body, in bytes per millisecond, after the time that every body has. */
const BYTES_PER_MS_MIN = 16;

export interface BodyLimits {
  /** Time that every body may take, in milliseconds; a long one gets more by the least rate. */
  bodyMs: number;
  onRefused(reason: 'slow body' | 'body in small chunks'): void;
}

/**
 * Reads a body into one buffer that doubles when it is full, so that its memory does not depend on the number of chunks.
 *
 * @param declaredBytes the content length, if the client gave one
 * @throws Problem if the body is too large, too slow, or in too many chunks
 */
export function readBody(
  payload: Readable,
  declaredBytes: number | undefined,
  { bodyMs, onRefused }: BodyLimits,
): Promise<Buffer> {
  if ((declaredBytes ?? 0) > BODY_BYTES_MAX) return Promise.reject(new Problem(413, BODY_TOO_LARGE));
  const startedAt = performance.now();
  const body = new GrowingBuffer();
  const chunks = new ChunkLimit(() => onRefused('body in small chunks'));
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      release();
      payload.pause();
      reject(error);
    };
    const checkTime = (): void => {
      const leftMs = bodyMs + body.length / BYTES_PER_MS_MIN - (performance.now() - startedAt);
      if (leftMs > 0) {
        timer = setTimeout(checkTime, leftMs + 1);
        return;
      }
      onRefused('slow body');
      fail(new Problem(408, `the body came too slowly: ${body.length} bytes within ${Math.round(bodyMs / 1_000)} s`));
    };
    let timer = setTimeout(checkTime, bodyMs);
    const onData = (chunk: Buffer): void => {
      try {
        chunks.count(chunk.length);
        if (body.length + chunk.length > BODY_BYTES_MAX) throw new Problem(413, BODY_TOO_LARGE);
        body.append(chunk);
      } catch (error) {
        fail(error as Error);
      }
    };
    const onEnd = (): void => {
      release();
      resolve(body.bytes());
    };
    const release = (): void => {
      clearTimeout(timer);
      payload.off('data', onData).off('end', onEnd).off('error', fail);
    };
    payload.on('data', onData).on('end', onEnd).on('error', fail);
    payload.resume();
  });
}

class GrowingBuffer {
  length = 0;
  private buffer: Buffer = Buffer.allocUnsafe(FIRST_BYTES);

  append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(BODY_BYTES_MAX, Math.max(needed, 2 * this.buffer.length)));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    chunk.copy(this.buffer, this.length);
    this.length = needed;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}
