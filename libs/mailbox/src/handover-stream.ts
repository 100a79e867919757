import type { RedisClient } from '#libs/redis';
import { handoversKey } from './shard/keys.js';

/**
 * An entry of the stream of handovers, as close.lua writes it: a dead delivery on its way to the fallback endpoint `to`, or
 * the origin of one that has ended there, under `back` (it reached nobody) or `done`.
 */
export type HandoverEntry = Readonly<Record<string, string | undefined>>;

/** A page of the stream, oldest first. @param after the last entry of the page before; undefined for the first page */
export async function readHandovers(
  redis: RedisClient,
  prefix: string,
  after: string | undefined,
  most: number,
): Promise<{ entryId: string; entry: HandoverEntry }[]> {
  const start = after === undefined ? '-' : `(${after}`;
  const entries = await redis.xrange(handoversKey(prefix), start, '+', 'COUNT', most);
  return entries.map(([entryId, flat]) => ({ entryId, entry: toEntry(flat) }));
}

export async function removeHandover(redis: RedisClient, prefix: string, entryId: string): Promise<void> {
  await redis.xdel(handoversKey(prefix), entryId);
}

const toEntry = (flat: readonly string[]): HandoverEntry =>
  Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] as string]] : [])));
