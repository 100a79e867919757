import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time to read and drop the rest of a body after its answer, in milliseconds. */
const DROP_MS_MAX = 1_000;
/** Most chunks of the rest that are dropped, of at most 64 KiB each. */
const DROP_CHUNKS_MAX = 256;

/** Whether a part of the request's body has not arrived yet. */
export function isBodyUnread(request: IncomingMessage): boolean {
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !request.complete && !request.readableEnded;
}

/**
 * An answer that precedes the end of its request's body. It ends, and with it the connection, when the body has ended, or
 * after a second: a connection closed at once would be reset, and the client would never see the answer.
 */
export function answerBeforeBody(text: string, request: IncomingMessage): Readable {
  async function* parts(): AsyncGenerator<Buffer> {
    yield Buffer.from(text);
    await dropBody(request);
  }
  return Readable.from(parts(), { objectMode: false });
}

async function dropBody(request: IncomingMessage): Promise<void> {
  const timeout = new AbortController();
  let chunks = 0;
  const ended = new Promise<void>((resolve) => {
    request.once('end', resolve).once('close', resolve);
    request.on('data', () => {
      if (++chunks === DROP_CHUNKS_MAX) resolve();
    });
  });
  request.resume();
  await Promise.race([ended, sleep(DROP_MS_MAX, undefined, { signal: timeout.signal }).catch(() => {})]);
  timeout.abort();
}
