import type { Turns } from '#libs/delivery';
import { createDeliveryParts, type DeliveryPartsDeps } from './delivery-parts.js';
import { startDuties } from './duties.js';
import { type ReplayLog, type Retry, replayDied } from './failed-turn.js';
import { pauseQueuesWhileFull } from './full-redis.js';
import type { KeptRecords } from './leader-duties.js';

export interface DeliverySideDeps extends DeliveryPartsDeps {
  log: KeptRecords & ReplayLog;
}

/** The work of a worker process behind its queues: turns, and the duties among workers. */
export abstract class DeliverySide {
  abstract readonly turns: ReadonlyMap<string, Turns>;
  /** Replays the dead deliveries of a failed turn. */
  abstract readonly retry: Retry;
  /** @param pauseQueues called first and at every change with whether Redis is full, so that the queues must pause */
  abstract start(pauseQueues: (full: boolean) => void): void;
  /** Handles an error of a queue's worker; one for lack of memory is noted as a full Redis. */
  abstract noteQueueError(error: unknown): void;
  /** Takes nothing more, waits for deliveries in flight, and releases the duties. */
  abstract stop(): Promise<void>;
}

export function createDeliverySide(served: readonly string[], deps: DeliverySideDeps): DeliverySide {
  const { config, log, logger } = deps;
  const parts = createDeliveryParts(served, deps);
  let duties: { stop(): Promise<void> } | undefined;
  return {
    turns: parts.turns,
    retry: (ids) => replayDied(ids, log, parts.replayer),
    start(pauseQueues) {
      pauseQueuesWhileFull(parts.watch, pauseQueues, logger);
      duties = startDuties(served, parts, { ...deps, retentionMs: config.retentionMs });
    },
    noteQueueError(error) {
      if (!parts.watch.note(error)) logger.debug({ err: error }, 'queue error');
    },
    async stop() {
      await parts.stopTurns();
      await Promise.all([duties?.stop(), parts.close()]);
    },
  };
}
