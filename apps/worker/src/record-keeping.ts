import { type DeliveryRecords, recordOutcomes } from '#libs/delivery';
import { audit, storeAudit } from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';
import { type LeaderLock, type RepeatLoop, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';

/** Pauses grow from this while nothing comes. */
const RECORD_PAUSE_MS = 250;
const RECORD_PAUSE_MS_MAX = 1_000;
/** Who has not the duty asks for it so often. Without anybody, outcomes only wait. */
const ASK_EVERY_MS = 6_000;
const SWEEP_EVERY_MS = 3_000;
const AUDIT_EVERY_MS = 10_000;
const PRUNE_EVERY_MS = 3_600_000;

/** Where outcomes are kept, and for how long. */
export interface KeptRecords extends DeliveryRecords {
  prune(olderThan: Date): Promise<number>;
}

export interface RecordKeepingParts {
  redis: RedisClient;
  log: KeptRecords;
  lock: LeaderLock;
  retentionMs: number;
  /** Looks for turns that did not come, at the targets of every channel. */
  sweep(): Promise<unknown>;
  now(): number;
  logger: Logger;
}

/**
 * What one process at a time does for all: looks for lost turns, moves outcomes into the log, recounts the ledger, forgets
 * what is old.
 * Two at once, when the duty passes on, do each other no harm.
 */
export function keepRecords({ redis, log, lock, retentionMs, sweep, now, logger }: RecordKeepingParts): RepeatLoop {
  let swept = 0;
  let audited = 0;
  let pruned = 0;
  let pauseMs = RECORD_PAUSE_MS;
  const onUnstorable = (deliveryId: string): void =>
    logger.error({ deliveryId }, 'an outcome of this delivery could not be recorded');

  const keeping = repeat(
    async () => {
      if (!(await lock.acquire())) {
        pauseMs = ASK_EVERY_MS;
        return false;
      }
      if (now() - swept >= SWEEP_EVERY_MS) {
        swept = now();
        await sweep();
      }
      if (now() - audited >= AUDIT_EVERY_MS) {
        audited = now();
        const found = await audit(redis);
        await storeAudit(redis, found, audited);
        if (found.imbalance > 0) logger.error({ ...found }, 'the ledger of deliveries does not close');
      }
      const moved = await recordOutcomes({ redis, log, onUnstorable });
      if (now() - pruned >= PRUNE_EVERY_MS) {
        pruned = now();
        const lines = await log.prune(new Date(pruned - retentionMs));
        if (lines > 0) logger.info({ lines }, 'forgot old deliveries');
      }
      pauseMs = moved > 0 ? RECORD_PAUSE_MS : Math.min(Math.max(pauseMs, RECORD_PAUSE_MS) * 2, RECORD_PAUSE_MS_MAX);
      return moved > 0;
    },
    () => pauseMs,
    (error) => logger.warn({ err: error }, 'outcomes wait to be recorded'),
  );
  return {
    now: keeping.now,
    async stop() {
      await keeping.stop();
      await lock.release().catch(() => {});
    },
  };
}
