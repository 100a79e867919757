import { randomUUID } from 'node:crypto';
import { channels } from '#libs/channels';
import type { SettingsSource } from '#libs/contracts';
import { resumeSleepingTurns, reviveLostTurns } from '#libs/delivery';
import { createLeaderLock, type RedisClient, type RepeatLoop, repeat } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import type { DeliveryParts } from './delivery-parts.js';
import { type KeptRecords, leadDuties } from './leader-duties.js';

/** Each worker sweeps its own channels, in case no leader sweeps all. In a full Redis turns run only by a sweep. */
const SWEEP_EVERY_MS = 10_000;
const SWEEP_FULL_EVERY_MS = 1_000;
/** Interval at which sleeping turns are compared with the settings, besides every change. */
const RESUME_EVERY_MS = 30_000;
/** The leader's duties pass on this long after it died: longer than a hiccup, shorter than a turn may be overdue. */
const LEADER_LOCK_MS = 5_000;

const monotonicNow = (): number => performance.now();

export interface DutiesDeps {
  redis: RedisClient;
  settings: SettingsSource;
  log: KeptRecords;
  retentionMs: number;
  logger: Logger;
}

/**
 * Starts the duties of a worker besides its turns: it resumes sleeping turns when settings change, sweeps the channels
 * that it serves, and competes for the leader lock of the duties that one worker does for all.
 */
export function startDuties(
  served: readonly string[],
  { mailboxes, destinations, queues, handover, watch, onError }: DeliveryParts,
  { redis, settings, log, retentionMs, logger }: DutiesDeps,
): { stop(): Promise<void> } {
  const sweep = (channelTypes: readonly string[]) => reviveLostTurns({ mailboxes, queues, handover }, channelTypes);

  const resuming = resumeRepeatedly(settings, () => resumeSleepingTurns(destinations, mailboxes, queues), onError);
  const ignoreSettings = settings.onChange(resuming.now);

  const sweeping = repeat(
    () => sweep(served).then(() => false),
    () => (watch.full() ? SWEEP_FULL_EVERY_MS : SWEEP_EVERY_MS),
    onError,
  );

  const holder = `${process.pid}-${randomUUID()}`;
  const lock = createLeaderLock(redis, { duty: 'recorder', holder, ttlMs: LEADER_LOCK_MS, now: monotonicNow });
  const sweepAll = () => sweep(channels.map(({ type }) => type));
  const leading = leadDuties({ redis, log, lock, retentionMs, sweep: sweepAll, monotonicNow, now: Date.now, logger });

  return {
    async stop() {
      ignoreSettings();
      await Promise.all([resuming.stop(), sweeping.stop(), leading.stop()]);
    },
  };
}

/** Resumes turns again at once if the settings changed while it did so. */
function resumeRepeatedly(
  settings: SettingsSource,
  resume: () => Promise<number>,
  onError: (error: unknown) => void,
): RepeatLoop {
  return repeat(
    async () => {
      const known = settings.current();
      if (!known) return false;
      await resume();
      return settings.current() !== known;
    },
    () => RESUME_EVERY_MS,
    onError,
  );
}
