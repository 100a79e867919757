/** Keys under which Nest injects values without a class. A class is its own key. */
export const REDIS = Symbol('RedisClient');
export const CHANNELS = Symbol('Channels');
export const LANGUAGE = Symbol('Language');
