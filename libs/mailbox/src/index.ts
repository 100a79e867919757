export * from './delivery-shard.js';
export * from './keys.js';
export * from './wake.js';

/** Lua that every script of a mailbox begins with. */
export const MAILBOX_LUA = new URL('./lua/mailbox.lua', import.meta.url);
/** Lua that counts for people what happens at endpoints; it follows MAILBOX_LUA. */
export const STATS_LUA = new URL('./lua/stats.lua', import.meta.url);
