import { type DeliveryRecords, recordOutcomes } from '#libs/delivery';
import { audit, storeAudit } from '#libs/mailbox';
import { type LeaderLock, type RedisClient, type RepeatLoop, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';

/** Pause between looks at the outcome streams; it doubles up to the maximum while they are empty. */
const RECORD_PAUSE_MS = 250;
const RECORD_PAUSE_MS_MAX = 1_000;
/** Interval at which other workers try to become leader; outcomes wait meanwhile. */
const ACQUIRE_EVERY_MS = 6_000;
const SWEEP_EVERY_MS = 3_000;
const AUDIT_EVERY_MS = 10_000;
const PRUNE_EVERY_MS = 3_600_000;

/** The delivery log, from which old deliveries are removed. */
export interface KeptRecords extends DeliveryRecords {
  prune(olderThan: Date): Promise<number>;
}

export interface LeaderDutiesDeps {
  redis: RedisClient;
  log: KeptRecords;
  lock: LeaderLock;
  retentionMs: number;
  /** Revives lost turns of every channel. */
  sweep(): Promise<unknown>;
  now(): number;
  logger: Logger;
}

/**
 * The duties of the leader, one worker at a time: sweep all channels, record outcomes in the log, audit the ledger, and
 * prune the log. Two leaders at once, while the lock passes on, do no harm.
 */
export function leadDuties({ redis, log, lock, retentionMs, sweep, now, logger }: LeaderDutiesDeps): RepeatLoop {
  let swept = 0;
  let audited = 0;
  let pruned = 0;
  let pauseMs = RECORD_PAUSE_MS;
  const onUnstorable = (deliveryId: string): void =>
    logger.error({ deliveryId }, 'an outcome of this delivery could not be recorded');

  const loop = repeat(
    async () => {
      if (!(await lock.acquire())) {
        pauseMs = ACQUIRE_EVERY_MS;
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
        if (found.imbalance > 0) logger.error({ ...found }, 'the ledger of deliveries does not balance');
      }
      const moved = await recordOutcomes({ redis, log, onUnstorable });
      if (now() - pruned >= PRUNE_EVERY_MS) {
        pruned = now();
        const rows = await log.prune(new Date(pruned - retentionMs));
        if (rows > 0) logger.info({ rows }, 'removed old deliveries from the log');
      }
      pauseMs = moved > 0 ? RECORD_PAUSE_MS : Math.min(Math.max(pauseMs, RECORD_PAUSE_MS) * 2, RECORD_PAUSE_MS_MAX);
      return moved > 0;
    },
    () => pauseMs,
    (error) => logger.warn({ err: error }, 'outcomes could not be recorded and wait'),
  );
  return {
    now: loop.now,
    async stop() {
      await loop.stop();
      await lock.release().catch(() => {});
    },
  };
}
