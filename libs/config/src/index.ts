export { ADMIN_KEY_FORM, isAdminKey } from './admin-key.js';
export * from './config.js';
export * from './config-error.js';
export { configOrExit } from './config-or-exit.js';
export * from './environment.js';
export type { RedisAddress, RedisNode } from './redis-address.js';
export * from './server-config.js';
export * from './summary.js';
