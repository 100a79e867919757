import type { RedisClient } from '#libs/redis';
import { type Source, sourceTag } from './lease.js';

/** Which sources have leases. */
export interface SourceList {
  /** To be called whenever a source has kept leases: since the last time it may have been removed. */
  add(source: Source): Promise<void>;
  all(): Promise<Source[]>;
  /** Of one that has no leases any more. It may keep one at the same moment, so look again afterwards. */
  remove(source: Source): Promise<void>;
}

const SOURCES_KEY = 'tocsin:{lease-sources}';

export function createSourceList(redis: RedisClient): SourceList {
  return {
    async add(source) {
      await redis.hset(SOURCES_KEY, sourceTag(source), JSON.stringify(source));
    },
    async all() {
      return Object.values(await redis.hgetall(SOURCES_KEY)).map((text) => JSON.parse(text) as Source);
    },
    async remove(source) {
      await redis.hdel(SOURCES_KEY, sourceTag(source));
    },
  };
}
