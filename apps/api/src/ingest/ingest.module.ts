import { BullModule, getQueueToken } from '@nestjs/bullmq';
import { type DynamicModule, Module } from '@nestjs/common';
import type { Queue } from 'bullmq';
import type { Registry } from 'prom-client';
import { createAdmitter } from '#libs/admission';
import { channelByType, channels } from '#libs/channels';
import { queueName, type Settings, type SettingsSource } from '#libs/contracts';
import { createTurnQueues, turnQueueOptions } from '#libs/delivery';
import type { RedisClient, RedisWatch } from '#libs/redis';
import type { Logger } from '#libs/telemetry';
import { countEvents, countRefusals } from './event-metrics.js';
import { IngestController } from './ingest.controller.js';
import { Intake } from './intake.js';
import { createQuota } from './quota.js';

export interface IngestParts {
  redis: RedisClient;
  settings: SettingsSource;
  watch: RedisWatch;
  teamQuota: number;
  metrics: Registry;
  log: Logger;
}

/** The sender does not wait longer than this for turns to be called; the sweeper calls for those that were not. */
const WAKE_MS_MAX = 1_000;
/** The database is asked at most this long for settings that an unrouted event may belong to. */
const NEWER_SETTINGS_MS_MAX = 1_000;

const channelTypes = channels.map(({ type }) => type);

@Module({})
export class IngestModule {
  static register(parts: IngestParts): DynamicModule {
    return {
      module: IngestModule,
      imports: [BullModule.registerQueue(...turnQueueOptions(channelTypes, parts.redis))],
      controllers: [IngestController],
      providers: [
        {
          provide: Intake,
          inject: channelTypes.map((type) => getQueueToken(queueName(type))),
          useFactory: (...queues: Queue[]) =>
            createIntake(parts, new Map(channelTypes.map((type, i) => [type, queues[i]]))),
        },
      ],
    };
  }
}

function createIntake(
  { redis, settings, watch, teamQuota, metrics, log }: IngestParts,
  queues: ReadonlyMap<string, Queue | undefined>,
): Intake {
  for (const queue of queues.values())
    queue?.on('error', (error) => log.debug({ err: error }, 'queue connection error'));
  const turnQueues = createTurnQueues((channel) => queues.get(channel));
  const admitter = createAdmitter({
    redis,
    channelOf: channelByType,
    wake: (wakes) => within(WAKE_MS_MAX, turnQueues.wake(wakes)),
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

/** While the database is away, what is known counts. */
async function newerSettings(settings: SettingsSource, known: Settings): Promise<Settings> {
  return within(NEWER_SETTINGS_MS_MAX, settings.refresh()).catch(() => settings.current() ?? known);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
