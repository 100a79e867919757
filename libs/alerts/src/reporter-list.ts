import type { RedisClient } from '#libs/redis';
import { type Reporter, reporterTag } from './reporter.js';

/** The reporters that have firing alerts with an expiry. */
export interface ReporterList {
  /** Call it each time alerts of a reporter were recorded: it may have been removed since the last time. */
  add(reporter: Reporter): Promise<void>;
  all(): Promise<Reporter[]>;
  /** Removes a reporter without alerts. It may record one at the same moment, so count its alerts again afterwards. */
  remove(reporter: Reporter): Promise<void>;
}

const REPORTERS_KEY = 'tocsin:{lease-sources}';

export function createReporterList(redis: RedisClient): ReporterList {
  return {
    async add(reporter) {
      await redis.hset(REPORTERS_KEY, reporterTag(reporter), JSON.stringify(reporter));
    },
    async all() {
      return Object.values(await redis.hgetall(REPORTERS_KEY)).map((text) => JSON.parse(text) as Reporter);
    },
    async remove(reporter) {
      await redis.hdel(REPORTERS_KEY, reporterTag(reporter));
    },
  };
}
