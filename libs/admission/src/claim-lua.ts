/** Lua that keeps what an endpoint has been told of a key; admission decides by it, settling gives back to it. */
export const CLAIM_LUA = new URL('./lua/claim.lua', import.meta.url);
