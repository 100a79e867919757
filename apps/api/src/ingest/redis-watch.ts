import { Redis } from 'ioredis';
import type { RedisClient } from '#libs/redis';

/** Above this share of its memory limit, Redis takes no new events, so that what it holds can still be delivered. */
const HIGH_WATER = 0.8;
const INTERVAL_MS = 1_000;
/** Commands have longer; but a Redis that takes so long to say how it is cannot be relied on. */
const ANSWER_MS_MAX = 2_000;

/** Why Redis can not take events now; undefined when it can. */
export interface RedisWatch {
  trouble(): string | undefined;
  /** Share of the memory limit in use, of the fullest node; 0 without a limit. */
  fullness(): number;
  stop(): void;
}

/**
 * Watches whether events are safe in Redis: it answers, has room, keeps what it is given (no eviction, append-only
 * file on).
 * @param allowUnsafe takes events although Redis may lose them; for those who have decided so
 */
export function watchRedis(redis: RedisClient, allowUnsafe: boolean): RedisWatch {
  let trouble: string | undefined = 'Redis has not answered yet';
  let fullness = 0;
  let stopped = false;

  async function look(): Promise<void> {
    const late = setTimeout(() => {
      trouble = 'Redis does not answer';
    }, ANSWER_MS_MAX);
    try {
      const nodes = redis instanceof Redis ? [redis] : redis.nodes('master');
      if (nodes.length === 0) throw new Error('no node of the Redis Cluster is known');
      const infos = await Promise.all(
        nodes.map(async (node) => `${await node.info('memory')}\n${await node.info('persistence')}`),
      );
      fullness = Math.max(...infos.map(fullnessOf));
      trouble = infos.map((info) => troubleOf(info, allowUnsafe)).find((found) => found !== undefined);
    } catch {
      trouble = 'Redis does not answer';
    } finally {
      clearTimeout(late);
    }
  }
  async function loop(): Promise<void> {
    while (!stopped) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS).unref());
    }
  }
  void loop();
  return {
    trouble: () => trouble,
    fullness: () => fullness,
    stop() {
      stopped = true;
    },
  };
}

const field = (info: string, name: string): string | undefined =>
  new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];

function fullnessOf(info: string): number {
  const limit = Number(field(info, 'maxmemory') ?? 0);
  return limit > 0 ? Number(field(info, 'used_memory') ?? 0) / limit : 0;
}

function troubleOf(info: string, allowUnsafe: boolean): string | undefined {
  const policy = field(info, 'maxmemory_policy');
  if (!allowUnsafe && policy !== undefined && policy !== 'noeviction') {
    return `Redis evicts data when it is full (maxmemory-policy is ${policy}, must be noeviction)`;
  }
  if (!allowUnsafe && field(info, 'aof_enabled') === '0')
    return 'Redis keeps no append-only file (appendonly must be yes)';
  if (fullnessOf(info) >= HIGH_WATER) return `Redis is too full: over ${HIGH_WATER * 100} % of its maxmemory`;
  return undefined;
}
