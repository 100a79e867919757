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
  /** Measures the intervals of the duties, in milliseconds: a step of the wall clock neither stops nor hurries one. */
  monotonicNow(): number;
  /** The time of day, in epoch milliseconds. */
  now(): number;
  logger: Logger;
}

/**
 * The duties of the leader, one worker at a time: sweep all channels, record outcomes in the log, audit the ledger, and
 * prune the log. Two leaders at once, while the lock passes on, do no harm.
 */
export function leadDuties({
  redis,
  log,
  lock,
  retentionMs,
  sweep,
  monotonicNow,
  now,
  logger,
}: LeaderDutiesDeps): RepeatLoop {
  const isDue = createIntervals(monotonicNow);
  let pauseMs = RECORD_PAUSE_MS;
  const onUnstorable = (deliveryId: string): void =>
    logger.error({ deliveryId }, 'an outcome of this delivery could not be recorded');

  const loop = repeat(
    async () => {
      if (!(await lock.acquire())) {
        pauseMs = ACQUIRE_EVERY_MS;
        return false;
      }
      if (isDue('sweep', SWEEP_EVERY_MS)) await sweep();
      if (isDue('audit', AUDIT_EVERY_MS)) {
        const auditedAt = now();
        const found = await audit(redis);
        await storeAudit(redis, found, auditedAt);
        if (found.imbalance > 0) logger.error({ ...found }, 'the ledger of deliveries does not balance');
      }
      const moved = await recordOutcomes({ redis, log, onUnstorable });
      if (isDue('prune', PRUNE_EVERY_MS)) {
        const rows = await log.prune(new Date(now() - retentionMs));
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

/** Whether a duty is due: at first, and then when its interval has passed since it was due last. */
function createIntervals(monotonicNow: () => number): (duty: string, everyMs: number) => boolean {
  const dueAt = new Map<string, number>();
  return (duty, everyMs) => {
    const now = monotonicNow();
    if (now < (dueAt.get(duty) ?? Number.NEGATIVE_INFINITY)) return false;
    dueAt.set(duty, now + everyMs);
    return true;
  };
}
