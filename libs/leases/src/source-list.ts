import type { RedisClient } from '#libs/redis';
import { type Source, sourceTag } from './lease.js';

/** Which sources have leases. */
export interface SourceList {
  /** Makes sure that a source is listed, before it keeps its first lease. */
  add(source: Source): Promise<void>;
  all(): Promise<Source[]>;
  remove(source: Source): Promise<void>;
}

const SOURCES_KEY = 'tocsin:{lease-sources}';
/** A list that was lost, or a source that was removed while it spoke, is put right after so long; a lease's grace lasts longer. */
const LISTED_MS = 20_000;

/** @param elapsed a clock of this process that never goes back, in milliseconds */
export function createSourceList(redis: RedisClient, elapsed: () => number): SourceList {
  const listed = new Map<string, number>();
  return {
    async add(source) {
      const tag = sourceTag(source);
      const at = listed.get(tag);
      if (at !== undefined && elapsed() - at < LISTED_MS) return;
      await redis.hset(SOURCES_KEY, tag, JSON.stringify(source));
      listed.set(tag, elapsed());
    },
    async all() {
      return Object.values(await redis.hgetall(SOURCES_KEY)).map((text) => JSON.parse(text) as Source);
    },
    async remove(source) {
      await redis.hdel(SOURCES_KEY, sourceTag(source));
    },
  };
}
