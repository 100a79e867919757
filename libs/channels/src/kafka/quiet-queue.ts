import { createRequire } from 'node:module';

/** What of kafkajs 2.2.4 is not told outside. */
interface RequestQueue {
  pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue;
};

/**
 * kafkajs sets a timer to look after requests that wait, also where none does: with a negative time, which Node.js warns
 * of and takes for a millisecond, and then again and again. An idle client would take 2 to 5 % of a processor's time.
 */
const schedule = prototype.scheduleCheckPendingRequests;
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this);
};
