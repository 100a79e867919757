export * from './channel.js';
export { channelByType, channels } from './channels.js';
export { type ConfigSchema, configSchema, type FieldAt, type FieldPath } from './kit/config/config-fields.js';
export { createKeeper, type Keeper } from './kit/network/connection-cache.js';
export { giveIds, repeatedIds } from './kit/secrets/element-ids.js';
export {
  type Config,
  type ConfigTemplate,
  listSecrets,
  listTemplates,
  mapSecrets,
  maskSecrets,
  restoreSecrets,
  SECRET_MASK,
  secretPaths,
} from './kit/secrets/map-secrets.js';
export { type IssuedToken, NotIssued, type TokenRequest } from './kit/tokens/access-token.js';
export { servedChannels } from './served-channels.js';
