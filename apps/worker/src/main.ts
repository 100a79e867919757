import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { servedChannels } from '#libs/channels';
import { configOrExit, loadConfig, requireServerConfig, summarizeConfig } from '#libs/config';
import { createLogger } from '#libs/telemetry';
import { stopOnSignal } from './stop-on-signal.js';
import { createDeps, WorkerModule } from './worker.module.js';

const { config, served } = configOrExit(() => {
  const config = requireServerConfig(loadConfig(), 'worker');
  return { config, served: servedChannels(config) };
});
const logger = createLogger('worker', config.logLevel);
const app = await NestFactory.createApplicationContext(WorkerModule.register(served, createDeps(config, logger)), {
  logger: ['error', 'warn'],
  abortOnError: false,
});
stopOnSignal(app, logger);
logger.info(summarizeConfig(config), 'worker started');
// Reports the start to the supervisor, if there is one; a supervisor that is gone shows as `disconnect`.
process.send?.('up', undefined, undefined, () => {});
