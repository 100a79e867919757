import { setImmediate } from 'node:timers/promises';

/**
 * Lets one holder of long work run in each turn of the event loop, in the order in which they asked. Ten requests with
 * costly expressions delay the other requests no more than one does.
 */
export function createSlices(): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return () => {
    last = last.then(() => setImmediate());
    return last;
  };
}
