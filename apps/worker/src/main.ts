import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { channels, servedChannels } from '#libs/channels';
import { configOrExit, loadConfig, requireServerConfig, summarizeConfig } from '#libs/config';
import { Database, DeliveryLog } from '#libs/persistence';
import { createRedis } from '#libs/redis';
import { createSecretBox } from '#libs/security';
import { createChannelKinds, createSettings, ENTITIES } from '#libs/settings';
import { createLogger } from '#libs/telemetry';
import { WorkerModule } from './worker.module.js';

const { config, served } = configOrExit(() => {
  const config = requireServerConfig(loadConfig(), 'worker');
  return { config, served: servedChannels(config) };
});
const logger = createLogger('worker', config.logLevel);
const redis = createRedis(config.redis, 'work', (error) => logger.warn({ err: error }, 'Redis is away'));
const database = new Database(config.databaseUrl, logger, { entities: ENTITIES });
const settings = createSettings({
  database,
  kinds: createChannelKinds(channels, config.platform),
  box: createSecretBox(config.secretKey),
  log: logger,
});
database.start();
settings.start();

const app = await NestFactory.createApplicationContext(
  WorkerModule.register(served, { config, redis, settings, log: new DeliveryLog(database, logger), logger }),
  { logger: ['error', 'warn'], abortOnError: false },
);
logger.info(summarizeConfig(config), 'worker started');
// Reports to the supervisor, if there is one; `disconnect` is emitted when it ends.
process.send?.('up', undefined, undefined, () => {});

/** Longer than sends are waited for. With Redis away nothing can be settled, and the leases see to what is in flight. */
const STOP_MS_MAX = 12_000;

let stopping = false;
async function stop(why: string): Promise<void> {
  if (stopping) return;
  stopping = true;
  logger.info({ why }, 'stopping: what is in flight is finished first');
  setTimeout(() => {
    logger.warn('stopping took too long; what is in flight comes back when its leases run out');
    process.exit(1);
  }, STOP_MS_MAX);
  await app.close();
  settings.stop();
  await database.stop();
  redis.disconnect();
  process.exit(0);
}
process.on('SIGTERM', () => void stop('SIGTERM'));
process.on('SIGINT', () => void stop('SIGINT'));
// The supervisor is gone: nobody would restart or stop this process.
process.on('disconnect', () => void stop('disconnect'));
