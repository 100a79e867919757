import { type DynamicModule, Module } from '@nestjs/common';
import type { Registry } from 'prom-client';
import type { Channel } from '#libs/channels';
import type { Language, SettingsSource } from '#libs/contracts';
import type { ExpiryStore } from '#libs/intake';
import type { Database, DeliveryLog } from '#libs/persistence';
import type { RedisClient, RedisWatch } from '#libs/redis';
import { EndpointTester, SettingsStores } from '#libs/settings';
import type { Logger } from '#libs/telemetry';
import { ChannelsModule } from './channels/channels.module.js';
import { DeliveriesModule } from './deliveries/deliveries.module.js';
import { HealthModule } from './health/health.module.js';
import { IngestModule } from './ingest/ingest.module.js';
import { QueuesModule } from './queues/queues.module.js';
import { SettingsModule } from './settings/settings.module.js';
import { StatsModule } from './stats/stats.module.js';
import * as tokens from './tokens.js';
import { UnroutedModule } from './unrouted/unrouted.module.js';

/** What the API is made of, connected or connecting. */
export interface ApiParts {
  log: Logger;
  redis: RedisClient;
  database: Database;
  settings: SettingsSource;
  channels: readonly Channel[];
  lang: Language;
  stores: SettingsStores;
  deliveries: DeliveryLog;
  tester: EndpointTester;
  readiness: readonly tokens.ReadinessCheck[];
  metrics: Registry;
  watch: RedisWatch;
  teamQuota: number;
  expiry: ExpiryStore;
}

@Module({})
export class AppModule {
  static register(parts: ApiParts): DynamicModule {
    const providers = [
      { provide: tokens.LOG, useValue: parts.log },
      { provide: tokens.REDIS, useValue: parts.redis },
      { provide: tokens.DATABASE, useValue: parts.database },
      { provide: tokens.SETTINGS, useValue: parts.settings },
      { provide: tokens.CHANNELS, useValue: parts.channels },
      { provide: tokens.LANGUAGE, useValue: parts.lang },
      { provide: SettingsStores, useValue: parts.stores },
      { provide: tokens.DELIVERY_LOG, useValue: parts.deliveries },
      { provide: EndpointTester, useValue: parts.tester },
      { provide: tokens.READINESS_CHECKS, useValue: parts.readiness },
      { provide: tokens.METRICS_REGISTRY, useValue: parts.metrics },
    ];
    return {
      module: AppModule,
      global: true,
      imports: [
        QueuesModule.register(parts),
        SettingsModule,
        ChannelsModule,
        DeliveriesModule.register(parts),
        StatsModule,
        UnroutedModule,
        HealthModule,
        IngestModule.register(parts),
      ],
      providers,
      exports: providers.map(({ provide }) => provide),
    };
  }
}
