/** Injection tokens of values that have no class. A class is its own token. */
export const REDIS = Symbol('RedisClient');
export const CHANNELS = Symbol('Channels');
export const LANGUAGE = Symbol('Language');
