import { LRUCache } from 'lru-cache';

/** Creates a cache by template source that evicts the least recently used entries beyond `count` entries or `chars` characters. */
export const createRecentCache = <Value extends {}>({
  count,
  chars,
}: {
  count: number;
  chars: number;
}): LRUCache<string, Value> =>
  new LRUCache({ max: count, maxSize: chars, sizeCalculation: (_, source) => Math.max(1, source.length) });
