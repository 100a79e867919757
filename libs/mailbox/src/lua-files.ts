/** A Lua file of the mailbox. */
export const mailboxLua = (name: string): URL => new URL(`./lua/${name}.lua`, import.meta.url);

/** Lua that every script of a mailbox begins with. */
export const MAILBOX_LUA = mailboxLua('mailbox');
/** Lua that counts events and deliveries for statistics; it follows MAILBOX_LUA. */
export const STATS_LUA = mailboxLua('stats');
/** Lua that stores and reads claims; admission decides by them, settling gives them back. */
export const CLAIM_LUA = mailboxLua('claim');
