/** Replies that blame the command, not the server's state: a fault of the program. */
const FAULT = /^(ERR|WRONGTYPE|NOPERM|CROSSSLOT)\b/;

/** Whether an error means that Redis refused a command for lack of memory: alone, in a script, or in a transaction. */
export const isOutOfMemory = (error: unknown): boolean => error instanceof Error && /\bOOM\b/.test(error.message);

/** Redis answered commands although it could not write them to its append-only file. */
export class WriteFailed extends Error {
  constructor() {
    super('Redis could not write its append-only file');
    this.name = 'WriteFailed';
  }
}

/** Whether an error means that Redis could not write to its disk. */
export const hasWriteFailed = (error: unknown): boolean =>
  error instanceof WriteFailed || (error instanceof Error && /\bMISCONF\b/.test(error.message));

/**
 * Whether an error means that Redis cannot be used right now: unreachable, starting, full, read-only, too slow.
 * Everything but a reply that blames the command does.
 */
export function isRedisAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'ReplyError') return !FAULT.test(error.message);
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    error.name === 'ClusterAllFailedError' ||
    /Connection is closed|Command timed out|isn't writeable|ECONN|ENOENT|EPIPE|ETIMEDOUT|Socket closed|Redis/i.test(
      error.message,
    )
  );
}
