import { servedChannels } from '#libs/channels';
import { configOrExit, loadConfig, requireServerConfig, summarizeConfig } from '#libs/config';
import { createKeyVerifier } from '#libs/security';
import { createLogger } from '#libs/telemetry';
import { createApp } from './create-app.js';
import { createDeps } from './create-deps.js';
import { BACKLOG } from './server/server-limits.js';
import { stopOnSignal } from './stop-on-signal.js';

const config = configOrExit(() => {
  const config = requireServerConfig(loadConfig(), 'api');
  // Only workers use TOCSIN_CHANNELS, but a wrong name must fail before one of them starts.
  servedChannels(config);
  return config;
});
const log = createLogger('api', config.logLevel);
const app = await createApp({
  ...createDeps(config, log),
  verifyKey: createKeyVerifier(config.adminKey),
  metricsAuth: config.metricsAuth,
});
stopOnSignal(app, log);
await app.listen({ port: config.port, host: config.host, backlog: BACKLOG });
log.info({ ...summarizeConfig(config), address: await app.getUrl() }, 'the API listens');
