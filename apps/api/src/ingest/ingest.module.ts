import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import { createAdmitter } from '#libs/admission';
import { type Channel, channelByType } from '#libs/channels';
import type { Language, Settings, SettingsSource } from '#libs/contracts';
import { within } from '#libs/contracts';
import { type TurnQueues } from '#libs/delivery';
import type { RedisClient, RedisWatch } from '#libs/redis';
import { createLeaderLock, type LeaderLock } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { AlertLeases, type LeaseParts } from '../leases/alert-leases.js';
import { LeaseKeeper } from '../leases/lease-keeper.js';
import { OwnAlertKeeper } from '../own-alerts/own-alert-keeper.js';
import { createOwnAlerts } from '../own-alerts/own-alerts.js';
import { TURN_QUEUES } from '../tokens.js';
import { AlertmanagerApiController } from './alertmanager-api.controller.js';
import { CloudEventsController } from './cloud-events.controller.js';
import { countEvents, countRefusals } from './event-metrics.js';
import { IngestController } from './ingest.controller.js';
import { Intake, UNCOUNTED, URGENT } from './intake.js';
import { createQuota } from './quota.js';
import { SourceIntake } from './source-intake.js';
import { takeOwn, unposted } from './unposted.js';
import { WebhooksController } from './webhooks.controller.js';

export interface IngestParts {
  redis: RedisClient;
  settings: SettingsSource;
  watch: RedisWatch;
  teamQuota: number;
  metrics: Registry;
  leases: LeaseParts;
  channels: readonly Channel[];
  lang: Language;
  log: Logger;
}

/** Longer than a process hangs now and then; what a keeper sees to waits so long when one died. */
const KEEPER_MS = 10_000;

/** The database is asked at most this long for settings that an unrouted event may belong to. */
const NEWER_SETTINGS_MS_MAX = 1_000;

@Module({})
export class IngestModule {
  static register(parts: IngestParts): DynamicModule {
    return {
      module: IngestModule,
      controllers: [IngestController, AlertmanagerApiController, WebhooksController, CloudEventsController],
      providers: [
        {
          provide: Intake,
          inject: [TURN_QUEUES],
          useFactory: (queues: Pick<TurnQueues, 'wake'>) => createIntake(parts, queues),
        },
        {
          provide: SourceIntake,
          inject: [Intake],
          useFactory: (intake: Intake) => new SourceIntake(intake, new AlertLeases(parts.leases, Date.now), parts.log),
        },
        { provide: LeaseKeeper, inject: [Intake], useFactory: (intake: Intake) => createLeaseKeeper(parts, intake) },
        { provide: OwnAlertKeeper, inject: [Intake], useFactory: (intake: Intake) => createOwnKeeper(parts, intake) },
      ],
    };
  }
}

function createIntake(
  { redis, settings, watch, teamQuota, metrics }: IngestParts,
  queues: Pick<TurnQueues, 'wake'>,
): Intake {
  const admitter = createAdmitter({
    redis,
    channelOf: channelByType,
    wake: queues.wake,
    newerSettings: (known) => newerSettings(settings, known),
  });
  return new Intake({
    admitter,
    redis,
    watch,
    quota: createQuota(redis, teamQuota),
    settings,
    now: () => new Date(),
    count: countEvents(metrics),
    countRefused: countRefusals(metrics),
  });
}

function createLeaseKeeper({ leases, redis, lang, log }: IngestParts, intake: Intake): LeaseKeeper {
  return new LeaseKeeper({
    leases,
    duty: createDuty(redis, 'leases'),
    isOpen: () => intake.whyClosed() === undefined,
    async take(events, source) {
      await intake.take(events.map(unposted), source.team, false, () => false, UNCOUNTED);
    },
    lang,
    now: () => new Date(),
    log,
  });
}

function createOwnKeeper({ redis, settings, channels, watch, lang, log }: IngestParts, intake: Intake): OwnAlertKeeper {
  return new OwnAlertKeeper({
    duty: createDuty(redis, 'own-alerts'),
    isOpen: () => intake.whyClosed(URGENT.mark) === undefined,
    look: createOwnAlerts({
      redis,
      settings,
      channels,
      fullness: watch.fullness,
      take: (event, team) => takeOwn(intake, event, team),
      lang,
      log,
    }),
    log,
  });
}

const createDuty = (redis: RedisClient, duty: string): LeaderLock =>
  createLeaderLock(redis, { duty, holder: randomUUID(), ttlMs: KEEPER_MS, now: () => performance.now() });

/** While the database is away, what is known counts. */
async function newerSettings(settings: SettingsSource, known: Settings): Promise<Settings> {
  return within(NEWER_SETTINGS_MS_MAX, settings.refresh()).catch(() => settings.current() ?? known);
}
