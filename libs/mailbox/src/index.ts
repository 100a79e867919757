export * from './keys.js';
export * from './wake.js';

/** Lua that every script of a mailbox begins with. */
export const MAILBOX_LUA = new URL('./lua/mailbox.lua', import.meta.url);
