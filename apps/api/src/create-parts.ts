import { collectDefaultMetrics, Registry } from 'prom-client';
import { channels } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import { createChannelKinds, Database, DeliveryLog, EndpointStore, PolicyStore, PostgresSettings } from '#libs/persistence';
import { createRedis } from '#libs/redis';
import { createSecretBox } from '#libs/security';
import type { Logger } from '#libs/telemetry';
import type { ApiParts } from './app.module.js';
import { checkTemplate } from './check-template.js';
import { Problem } from './http/problem.js';

export interface RunningParts extends ApiParts {
  /** Begins to connect, and to look for changes of settings. */
  start(): void;
  stop(): Promise<void>;
}

/** Puts together what the API is made of; nothing here waits for Redis or PostgreSQL. */
export function createParts(config: ServerConfig, log: Logger): RunningParts {
  const redis = createRedis(config.redis, 'answer', (error) => log.debug({ err: error }, 'Redis connection error'));
  const database = new Database(config.databaseUrl, log, { applicationName: 'tocsin-api' });
  const kinds = createChannelKinds(channels);
  const box = createSecretBox(config.secretKey);
  const settings = new PostgresSettings({ database, kinds, box, log });
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  return {
    log,
    redis,
    database,
    settings,
    channels,
    endpoints: new EndpointStore({ database, kinds, box, checkTemplate }),
    policies: new PolicyStore(database),
    deliveries: new DeliveryLog(database, log),
    tester: {
      test: async () => {
        throw new Problem(501, 'endpoints cannot be tested yet');
      },
    },
    readiness: [
      { name: 'settings', check: async () => (settings.current() ? undefined : 'none could be read from the database yet') },
      { name: 'database', optional: true, check: () => database.whyAway() },
    ],
    metrics,
    start() {
      database.start();
      settings.start();
    },
    async stop() {
      settings.stop();
      redis.disconnect();
      await database.stop();
    },
  };
}
