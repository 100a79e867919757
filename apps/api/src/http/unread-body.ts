import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { isParserStopped, stopParser } from './stop-parser.js';

/**
 * Time that a connection stays open after an answer that precedes the end of its body, in milliseconds. An attacker whose
 * connections were closed sooner would open more.
 */
const OPEN_MS = 3_000;
/** Bytes of the rest that are dropped before reading stops. */
const DROP_BYTES_MAX = 1024 * 1024;

/** Whether a part of the request's body has not arrived yet. */
export function isBodyUnread(request: IncomingMessage): boolean {
  const { headers } = request;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  // A stopped parser reports the request as complete.
  return hasBody && (isParserStopped(request.socket) || (!request.complete && !request.readableEnded));
}

/** An answer that precedes the end of its request's body. It ends, and with it the connection, after the rest is dropped. */
export function answerBeforeBody(text: string, { socket }: IncomingMessage): Readable {
  const answer = new Readable({ read() {} });
  answer.push(text);
  dropRest(socket, () => answer.push(null));
  return answer;
}

/**
 * Drops what still comes on a connection that is to be closed, as bytes: parsed, a packet of chunks of one byte takes 30 ms.
 * Calls back when the client closes its side, or after three seconds: a connection closed at once would be reset, and the
 * client would never see the answer.
 */
export function dropRest(socket: Socket, onEnd: () => void): void {
  // A request that a test injects has no connection.
  if (!(socket instanceof Socket)) {
    onEnd();
    return;
  }
  let bytes = 0;
  const timer = setTimeout(end, OPEN_MS);
  function end(): void {
    clearTimeout(timer);
    socket.off('end', end).off('close', end);
    onEnd();
  }
  stopParser(socket);
  socket.once('end', end).once('close', end);
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > DROP_BYTES_MAX) socket.pause();
  });
  socket.resume();
}
