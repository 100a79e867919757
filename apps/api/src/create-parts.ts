import { collectDefaultMetrics, Registry } from 'prom-client';
import { channelByType, channels, type HttpRequest } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import { lastAudit, readLedger, testEndpoint } from '#libs/delivery';
import {
  createChannelKinds,
  Database,
  DeliveryLog,
  EndpointStore,
  PolicyStore,
  PostgresSettings,
} from '#libs/persistence';
import { createRedis, MARKS, watchRedis } from '#libs/redis';
import { createGuardedHttp, createSecretBox, type GuardedHttp } from '#libs/security';
import { exposeLedger, type Logger } from '#libs/telemetry';
import type { ApiParts } from './app.module.js';
import { checkTemplate } from './check-template.js';
import type { EndpointTester } from './tokens.js';

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
  const watch = watchRedis(redis, { allowUnsafe: config.allowUnsafeRedis });
  const http = createGuardedHttp({ deny: config.egressDeny });
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  exposeLedger(metrics, {
    ledger: () => readLedger(redis),
    audit: () => lastAudit(redis),
    fullness: watch.fullness,
    refusing: watch.refusing,
    marks: MARKS,
  });
  return {
    log,
    redis,
    database,
    settings,
    channels,
    endpoints: new EndpointStore({ database, kinds, box, checkTemplate }),
    policies: new PolicyStore(database),
    deliveries: new DeliveryLog(database, log),
    watch,
    teamQuota: config.teamQuota,
    tester: createTester(config, http),
    readiness: [
      { name: 'redis', check: async () => watch.trouble() },
      {
        name: 'settings',
        check: async () => (settings.current() ? undefined : 'none could be read from the database yet'),
      },
      { name: 'database', optional: true, check: () => database.whyAway() },
    ],
    metrics,
    start() {
      database.start();
      settings.start();
    },
    async stop() {
      settings.stop();
      watch.stop();
      await http.close();
      redis.disconnect();
      await database.stop();
    },
  };
}

/** Tests an endpoint from this process, by the same code and through the same guard as its deliveries. */
function createTester({ lang }: ServerConfig, http: GuardedHttp): EndpointTester {
  const { signal } = new AbortController();
  const io = { http: (request: HttpRequest) => http.http({ ...request, signal }), signal, now: () => new Date() };
  return {
    async test(endpoint) {
      const channel = channelByType(endpoint.channel);
      if (!channel) throw new Error(`there is no channel ${endpoint.channel}`);
      return testEndpoint(endpoint, channel, { io, lang, now: Date.now });
    },
  };
}
