import { DONE, NOT_BEGUN } from './render-batch.js';

/** Time one text may take to render, in milliseconds. */
export const TIME_LIMIT_MS = 200;

const CHECKS = 8;
/** A new thread needs time to load; a batch may wait this many checks for it. */
const CHECKS_TO_BEGIN = 25 * CHECKS;

/** Time a pool waits for a thread to begin, in milliseconds. */
export const beginLimitMs = (timeoutMs: number): number => (timeoutMs / CHECKS) * CHECKS_TO_BEGIN;

/**
 * Calls `stop` with the position of a text that exceeds its time limit. It compares the thread's position several times
 * within the limit and counts the checks, not the time: a process that was suspended as a whole stops no template.
 */
export function enforceTimeLimit(
  position: Int32Array,
  timeoutMs: number,
  stop: (position: number) => void,
): NodeJS.Timeout {
  let last = NOT_BEGUN;
  let checks = 0;
  return setInterval(() => {
    const now = Atomics.load(position, 0);
    checks = now === last ? checks + 1 : 0;
    last = now;
    if (now !== DONE && checks >= (now === NOT_BEGUN ? CHECKS_TO_BEGIN : CHECKS)) stop(now);
  }, timeoutMs / CHECKS).unref();
}
