import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '#libs/redis';

const STILL_BYTES = 4_096;

/** Bytes and number of the keys of one kind. */
export type Breakdown = Map<string, { keys: number; bytes: number }>;

/**
 * Bytes that Redis has allocated, without those of its clients' connections. Redis updates the latter about once a
 * second, so both figures match only when they are stable.
 */
export async function usedMemory(redis: RedisClient): Promise<number> {
  for (let last = await usedNow(redis); ; ) {
    await sleep(1_100);
    const now = await usedNow(redis);
    if (Math.abs(now - last) < STILL_BYTES) return now;
    last = now;
  }
}

async function usedNow(redis: RedisClient): Promise<number> {
  const info = String(await redis.info('memory'));
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return field('used_memory') - field('mem_clients_normal');
}

/**
 * The memory of all keys, summed by kind. It excludes Redis' main table (about 40 bytes a key and its share of the
 * buckets), which belongs to no key.
 */
export async function memoryByKind(redis: RedisClient): Promise<Breakdown> {
  const kinds: Breakdown = new Map();
  for (let cursor = '0'; ; ) {
    const [next, keys] = await redis.scan(cursor, 'COUNT', 1_000);
    const sizes = await Promise.all(keys.map((key) => redis.memory('USAGE', key, 'SAMPLES', 0)));
    keys.forEach((key, i) => {
      const sum = kinds.get(kindOf(key)) ?? { keys: 0, bytes: 0 };
      kinds.set(kindOf(key), { keys: sum.keys + 1, bytes: sum.bytes + Number(sizes[i]) });
    });
    if (next === '0') return kinds;
    cursor = next;
  }
}

/** `tocsin:{s12}:box:e1.url:rec` is of the kind `box:rec`, a claim of the kind `claim`; others are BullMQ's. */
function kindOf(key: string): string {
  const [, rest] = /^tocsin:\{s\d+\}:(.*)$/.exec(key) ?? [];
  if (rest === undefined) return /^tocsin:/.test(key) ? key.split(':').slice(0, 2).join(':') : 'queue';
  const [kind = '', , part] = rest.split(':');
  return kind === 'box' ? `box:${part}` : kind;
}
