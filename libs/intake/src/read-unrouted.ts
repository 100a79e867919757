import type { RedisClient } from '#libs/redis';

/** An event that no policy took, as it was kept when it came in. */
export interface UnroutedEvent {
  id: string;
  receivedAt: string | null;
  event: unknown;
}

type Entry = [id: string, fields: string[]];

/** Newest first, from the one before `before` on; one more than asked for tells whether there are others. */
export async function readUnrouted(
  redis: RedisClient,
  key: string,
  limit: number,
  before?: string,
): Promise<UnroutedEvent[]> {
  const newest = before === undefined ? '+' : `(${before}`;
  const entries = (await redis.xrevrange(key, newest, '-', 'COUNT', limit)) as Entry[];
  return entries.map(toEvent);
}

/** Undefined where the text is no id of a stream's entry. */
export function decodeStreamId(text: string): string | undefined {
  const match = /^(\d{1,20})-(\d{1,20})$/.exec(text);
  const fits = match?.slice(1).every((part) => BigInt(part) < 2n ** 64n);
  return fits ? text : undefined;
}

/** One that cannot be read is shown as such, and does not hide the others. */
function toEvent([id, fields]: Entry): UnroutedEvent {
  const kept = fields[fields.findIndex((field, i) => i % 2 === 0 && field === 'event') + 1];
  try {
    const { event, receivedAt } = JSON.parse(kept ?? '') as { event: unknown; receivedAt: string };
    return { id, receivedAt, event };
  } catch {
    return { id, receivedAt: null, event: null };
  }
}
