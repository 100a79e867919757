export * from './channel.js';
export { channelByType, channels } from './channels.js';
export { type ConfigSchema, configSchema, type FieldAt, type FieldPath } from './config-fields.js';
export { giveIds, repeatedIds } from './element-ids.js';
export { createKeeper, type Keeper } from './keeper.js';
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
} from './secrets.js';
export { servedChannels } from './served-channels.js';
