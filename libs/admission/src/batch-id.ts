import { randomInt } from 'node:crypto';

const RANDOM_BELOW = 36 ** 6;

/** Ids that begin with their time, so that the log's index grows at its end; a random part keeps processes apart. */
export const createBatchIds = (now: () => number): (() => string) => {
  return () => now().toString(36).padStart(9, '0') + randomInt(RANDOM_BELOW).toString(36).padStart(6, '0');
};
