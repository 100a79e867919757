import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createExpiryBook, createExpiryClock, createReporterList } from '#libs/alerts';
import { channelByType, channels } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import type { SettingsSource } from '#libs/contracts';
import { createRates, gatherRateLimits, meterOfTarget, unlimited } from '#libs/delivery';
import type { ExpiryStore } from '#libs/intake';
import { inspect, lastAudit, readLedger, targetName } from '#libs/mailbox';
import { type TestParts, testEndpoint } from '#libs/operations';
import { createOutlet, type Outlet } from '#libs/outbound';
import { createEpisodeBook, firingKinds } from '#libs/own-alerts';
import { Database, DeliveryLog } from '#libs/persistence';
import { createRedis, MARKS, type RedisClient, watchRedis } from '#libs/redis';
import { createSecretBox } from '#libs/security';
import { createChannelKinds, createSettings, ENTITIES, type EndpointTester, SettingsStores } from '#libs/settings';
import { exposeExpiry, exposeLedger, exposeOwnAlerts, exposeTargets, type Logger } from '#libs/telemetry';
import { createRenderer } from '#libs/templates';
import type { ApiParts } from './app.module.js';
import { checkTemplate } from './check-template.js';

export interface RunningParts extends ApiParts {
  /** Begins to connect, and to look for changes of settings. */
  start(): void;
  stop(): Promise<void>;
}

/** Puts together what the API is made of; nothing here waits for Redis or PostgreSQL. */
export function createParts(config: ServerConfig, log: Logger): RunningParts {
  const redis = createRedis(config.redis, 'answer', (error) => log.debug({ err: error }, 'Redis connection error'));
  const database = new Database(config.databaseUrl, log, { applicationName: 'tocsin-api', entities: ENTITIES });
  const kinds = createChannelKinds(channels, config.platform);
  const box = createSecretBox(config.secretKey);
  const settings = createSettings({ database, kinds, box, log });
  const watch = watchRedis(redis, { allowUnsafe: config.allowUnsafeRedis });
  const outlet = openOutlet(config, redis, log);
  const renderer = createRenderer();
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  exposeLedger(metrics, {
    ledger: () => readLedger(redis),
    audit: () => lastAudit(redis),
    fullness: watch.fullness,
    refusing: watch.refusing,
    marks: MARKS,
  });
  exposeTargets(metrics, async () => {
    const { at, targets } = await inspect(redis);
    return { at, targets: targets.map((target) => ({ ...target, channel: target.endpointInfo?.channel ?? '' })) };
  });
  exposeOwnAlerts(metrics, () => firingKinds(createEpisodeBook(redis)));
  const expiry = createExpiryStore(redis, metrics);
  return {
    log,
    redis,
    database,
    settings,
    channels,
    lang: config.lang,
    stores: new SettingsStores({ database, kinds, box, checkTemplate, reload: () => settings.refresh() }),
    deliveries: new DeliveryLog(database, log),
    watch,
    teamQuota: config.teamQuota,
    expiry,
    tester: createTester({
      io: outlet.io,
      renderer,
      lang: config.lang,
      now: Date.now,
      sleep,
      ask: askRates(redis, settings),
    }),
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
      await Promise.all([outlet.close(), renderer.close()]);
      redis.disconnect();
      await database.stop();
    },
  };
}

function openOutlet({ egressDeny, platform, secretKey }: ServerConfig, redis: RedisClient, log: Logger): Outlet {
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'a token could not be shared with other processes');
  const { signal } = new AbortController();
  return createOutlet({ egressDeny, platform, secretKey, redis, signal, onError });
}

function createExpiryStore(redis: RedisClient, metrics: Registry): ExpiryStore {
  const book = createExpiryBook(redis);
  const reporters = createReporterList(redis);
  exposeExpiry(metrics, async () => Promise.all((await reporters.all()).map((reporter) => book.count(reporter))));
  return { book, reporters, clock: createExpiryClock(redis, { elapsed: () => performance.now() }) };
}

/** Tests an endpoint from this process, by the same code and through the same guard as its deliveries. */
const createTester = (parts: TestParts): EndpointTester => ({
  async test(endpoint) {
    const channel = channelByType(endpoint.channel);
    if (!channel) throw new Error(`there is no channel ${endpoint.channel}`);
    return testEndpoint(endpoint, channel, parts);
  },
});

/** The limits that hold for an endpoint, saved or not. While Redis is away there is nobody to ask, and a test is sent. */
function askRates(redis: RedisClient, settings: SettingsSource): TestParts['ask'] {
  const rates = createRates(redis, randomUUID);
  return async (endpoint, target, takesMs) => {
    const known = settings.current();
    const endpoints = new Map(known?.endpoints).set(endpoint.id, endpoint);
    const all = { version: 0, policies: [], formerLinks: [], endpoints };
    const meter = meterOfTarget(endpoint, target);
    const metered = { meter, limits: gatherRateLimits(all, channelByType).of(meter) };
    const wish = { target: targetName(endpoint.id, target.id), count: 1, certain: true, takesMs };
    return rates.ask(metered, wish).catch(() => unlimited(1));
  };
}
