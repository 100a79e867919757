import { createRequire } from 'node:module';

/** A class inside kafkajs 2.2.4 that has no public type. */
interface RequestQueue {
  pending: readonly unknown[];
  scheduleCheckPendingRequests(): void;
}

const { prototype } = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as {
  prototype: RequestQueue;
};

/**
 * Skips the timer of kafkajs for pending requests while none is pending. kafkajs sets it with a negative delay, which
 * Node.js turns into 1 ms with a warning, again and again: an idle client costs 2 to 5 % of a processor.
 */
const schedule = prototype.scheduleCheckPendingRequests;
prototype.scheduleCheckPendingRequests = function () {
  if (this.pending.length > 0) schedule.call(this);
};
