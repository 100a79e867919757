import { randomUUID } from 'node:crypto';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Endpoint, Language, SettingsSource } from '#libs/contracts';
import {
  createExpiryDuty,
  createOwnAlertDuty,
  createOwnAlerts,
  type Duty,
  type ExpiryStore,
  type Intake,
  takeExpiryEvents,
  takeOwnAlert,
  URGENT,
} from '#libs/intake';
import { createLeaderLock, type LeaderLock, type RedisClient, type RedisWatch } from '#libs/redis';
import type { Logger } from '#libs/telemetry';

/** Longer than a process usually hangs; after this time another process takes over the duties of one that died. */
const LOCK_MS = 10_000;

export interface DutyDeps {
  redis: RedisClient;
  settings: SettingsSource;
  watch: RedisWatch;
  expiry: ExpiryStore;
  targetsOf(endpoint: Endpoint): readonly { id: string; label: string }[];
  lang: Language;
  log: Logger;
}

/** Runs the duties of the intake for the lifetime of the application. */
export class IntakeDuties implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(private readonly duties: readonly Duty[]) {}

  onApplicationBootstrap(): void {
    for (const duty of this.duties) duty.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.duties.map((duty) => duty.stop()));
  }
}

export function createDuties(deps: DutyDeps, intake: Intake): IntakeDuties {
  return new IntakeDuties([expiryDuty(deps, intake), ownAlertDuty(deps, intake)]);
}

function expiryDuty({ redis, expiry, lang, log }: DutyDeps, intake: Intake): Duty {
  return createExpiryDuty({
    store: expiry,
    lock: lockOf(redis, 'leases'),
    isOpen: () => intake.whyClosed() === undefined,
    take: (events, { team }) => takeExpiryEvents(intake, events, team),
    lang,
    now: () => new Date(),
    log,
  });
}

function ownAlertDuty({ redis, settings, watch, targetsOf, lang, log }: DutyDeps, intake: Intake): Duty {
  return createOwnAlertDuty({
    lock: lockOf(redis, 'own-alerts'),
    isOpen: () => intake.whyClosed(URGENT.mark) === undefined,
    check: createOwnAlerts({
      redis,
      settings,
      targetsOf,
      fullness: watch.fullness,
      fileTrouble: watch.fileTrouble,
      take: (event, team) => takeOwnAlert(intake, event, team),
      lang,
      log,
    }),
    log,
  });
}

const lockOf = (redis: RedisClient, duty: string): LeaderLock =>
  createLeaderLock(redis, { duty, holder: randomUUID(), ttlMs: LOCK_MS, now: () => performance.now() });
