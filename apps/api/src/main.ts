import { servedChannels } from '#libs/channels';
import { configOrExit, loadConfig, requireServerConfig, summarizeConfig } from '#libs/config';
import { createKeyVerifier } from '#libs/security';
import { createLogger } from '#libs/telemetry';
import { createApp } from './create-app.js';
import { createParts } from './create-parts.js';
import { stopOnSignal } from './stop-on-signal.js';

const config = configOrExit(() => {
  const config = requireServerConfig(loadConfig(), 'api');
  // Of use to the workers only, but a bad name must not stay unseen until one of them starts.
  servedChannels(config);
  return config;
});
const log = createLogger('api', config.logLevel);
const parts = createParts(config, log);
parts.start();

const app = await createApp({
  ...parts,
  verifyKey: createKeyVerifier(config.adminKey),
  metricsAuth: config.metricsAuth,
});
stopOnSignal(app, { log, afterwards: () => parts.stop() });
await app.listen(config.port, config.host);
log.info({ ...summarizeConfig(config), address: await app.getUrl() }, 'the API listens');
