import type { Socket } from 'node:net';

/** The check of the request that the HTTP client writes next; it writes right after it has started the request. */
let next: (() => void) | undefined;

/** Repeats a check with the next write to a checked socket, after the request is composed. */
export function checkNextWrite(check: (() => void) | undefined): void {
  next = check;
}

function takeRefusal(): Error | undefined {
  const check = next;
  next = undefined;
  try {
    check?.();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/**
 * Makes a socket ask the check at the last moment before the system call. A process that is stopped while it composes a
 * request would otherwise write it when it resumes. A refused write closes the connection.
 */
export function checkWrites(socket: Socket): void {
  const write = socket._write;
  const writev = socket._writev;
  socket._write = (chunk, encoding, done) => {
    const refusal = takeRefusal();
    if (refusal) done(refusal);
    else write.call(socket, chunk, encoding, done);
  };
  socket._writev = (chunks, done) => {
    const refusal = takeRefusal();
    if (refusal) done(refusal);
    else writev?.call(socket, chunks, done);
  };
}
