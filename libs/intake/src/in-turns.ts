import { setImmediate as nextTurn } from 'node:timers/promises';

/** Time of work after which other requests have their turn, in milliseconds. */
const TURN_MS = 8;

/** Yields values whose computation takes time, such as parsed events. Other requests run in between. */
export async function* inTurns<T>(values: Iterable<T>): AsyncGenerator<T> {
  let startedAt = performance.now();
  for (const value of values) {
    yield value;
    if (performance.now() - startedAt < TURN_MS) continue;
    await nextTurn();
    startedAt = performance.now();
  }
}
