import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Registry } from 'prom-client';
import { createWrongKeyCount, WrongKeys } from '#libs/access';
import { createExpiryBook, createExpiryClock, createReporterList } from '#libs/alerts';
import { type Channel, channels } from '#libs/channels';
import type { ServerConfig } from '#libs/config';
import type { Language } from '#libs/contracts';
import type { ExpiryStore } from '#libs/intake';
import { readLedger } from '#libs/mailbox';
import { createOutlet, type Outlet } from '#libs/outbound';
import { Database, DeliveryLog } from '#libs/persistence';
import {
  createDiskReserve,
  createRedis,
  type DiskReserve,
  type RedisClient,
  type RedisWatch,
  watchRedis,
} from '#libs/redis';
import { createKeyedHash, createSecretBox, isGeneratedKey } from '#libs/security';
import {
  createChannelKinds,
  createSettings,
  ENTITIES,
  type EndpointTester,
  type SettingsReload,
  SettingsStores,
} from '#libs/settings';
import { countWrongKeys, type Logger } from '#libs/telemetry';
import { createRenderer } from '#libs/templates';
import { logWrongKeys } from './access/log-wrong-keys.js';
import { checkTemplate } from './check-template.js';
import type { Connections } from './connections.js';
import { createMetrics } from './create-metrics.js';
import { createEndpointTester, testRates } from './endpoint-tester.js';
import { Readiness } from './health/readiness.js';
import { logRedisTrouble } from './log-redis-trouble.js';

/** Objects of the libraries that the API's modules are composed of. */
export interface ApiDeps {
  connections: Connections;
  log: Logger;
  redis: RedisClient;
  watch: RedisWatch;
  database: Database;
  settings: SettingsReload;
  stores: SettingsStores;
  deliveries: DeliveryLog;
  channels: readonly Channel[];
  lang: Language;
  teamQuota: number;
  expiry: ExpiryStore;
  tester: EndpointTester;
  readiness: Readiness;
  metrics: Registry;
  wrongKeys: WrongKeys;
  trustedProxies: readonly string[];
}

/** Creates the dependencies of the API. Nothing waits for Redis or PostgreSQL. */
export function createDeps(config: ServerConfig, log: Logger): ApiDeps {
  const { platform, lang, teamQuota } = config;
  const redis = createRedis(config.redis, 'answer', (error) => log.debug({ err: error }, 'Redis connection error'));
  const disk = privateDisk(config, redis);
  const watch = watchRedis(redis, { allowUnsafe: config.allowUnsafeRedis, file: { disk } });
  const database = new Database(config.databaseUrl, log, { applicationName: 'tocsin-api', entities: ENTITIES });

  const kinds = createChannelKinds(channels, platform);
  const box = createSecretBox(config.secretKey);
  const settings = createSettings({ database, kinds, box, log });
  const stores = new SettingsStores({ database, kinds, box, checkTemplate, reload: () => settings.refresh() });

  const outlet = openOutlet(config, redis, log);
  const renderer = createRenderer();
  const ask = testRates(redis, settings);
  const tester = createEndpointTester({
    io: outlet.io,
    renderer,
    lang,
    now: Date.now,
    monotonicNow: () => performance.now(),
    sleep,
    ask,
  });

  const clock = createExpiryClock(redis, { elapsed: () => performance.now() });
  const expiry = { book: createExpiryBook(redis), reporters: createReporterList(redis), clock };
  const readiness = new Readiness([
    { name: 'redis', check: async () => watch.trouble() },
    {
      name: 'settings',
      check: async () => (settings.current() ? undefined : 'none could be read from the database yet'),
    },
    { name: 'database', optional: true, check: () => database.whyAway() },
  ]);

  const metrics = createMetrics({ redis, watch, expiry });
  const wrongKeys = createWrongKeys(config, redis, metrics);
  let stopLogging = () => {};

  return {
    ...{ log, redis, watch, database, settings, stores, channels, lang, teamQuota, expiry, tester, readiness },
    deliveries: new DeliveryLog(database, log),
    ...{ metrics, wrongKeys, trustedProxies: config.trustedProxies },
    connections: {
      start() {
        database.start();
        settings.start();
        logRedisTrouble(watch, log);
        stopLogging = logWrongKeys(wrongKeys, log);
      },
      async stop() {
        stopLogging();
        settings.stop();
        watch.stop();
        await Promise.all([outlet.close(), renderer.close()]);
        redis.disconnect();
        await database.stop();
      },
    },
  };
}

/** The disk of the private Redis, which is on this machine. */
function privateDisk(
  { standalone, dataDir, redis: address }: ServerConfig,
  redis: RedisClient,
): DiskReserve | undefined {
  const folder = join(dataDir, 'redis');
  const isPrivate = standalone && address.kind === 'single' && address.url.startsWith('unix:') && existsSync(folder);
  if (!isPrivate) return undefined;
  const pending = async (): Promise<number> => (await readLedger(redis)).get('pending') ?? 0;
  return createDiskReserve({ folder, pending });
}

const MINUTE_MS = 60_000;
/** A client guesses 100 keys a minute at once, and 10 a second in each process beyond them. */
const WRONG_KEY_LIMITS = { free: 100, windowMs: MINUTE_MS, everyMs: 100, waitingMax: 10 };

function createWrongKeys({ secretKey }: ServerConfig, redis: RedisClient, metrics: Registry): WrongKeys {
  const count = createWrongKeyCount(redis, createKeyedHash(secretKey, 'wrong keys'), MINUTE_MS);
  const onRefused = countWrongKeys(metrics);
  const now = () => performance.now();
  return new WrongKeys({ isUnguessable: isGeneratedKey, limits: WRONG_KEY_LIMITS, count, now, sleep, onRefused });
}

function openOutlet({ egressDeny, platform, secretKey }: ServerConfig, redis: RedisClient, log: Logger): Outlet {
  const onError = (error: unknown): void =>
    log.warn({ err: error }, 'an access token could not be shared with other processes');
  const { signal } = new AbortController();
  return createOutlet({ egressDeny, platform, secretKey, redis, signal, onError });
}
