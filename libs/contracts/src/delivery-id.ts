/**
 * The grammar of delivery ids, which the log, the API and the scripts of the mailboxes share. Stored ids depend on it.
 *
 *   push      8 digits of time, 4 of a serial number (both base 36), 2 of the shard (hexadecimal)
 *   delivery  the push; of several targets `<push>-<n>`, counted from 1
 *   replay    `<delivery>_r<n>`, counted from 1; replays of replays are replays of the first
 *   fallback  `<delivery>_f<shard>` at the fallback endpoint, in the shard of that endpoint
 */
export const DELIVERY_ID = {
  timeDigits: 8,
  serialDigits: 4,
  shardDigits: 2,
  /** Length of the id of a push: the longest text that fits the smallest allocation of Redis. */
  pushLength: 14,
  targetMark: '-',
  replayMark: '_r',
  fallbackMark: '_f',
  /** Patterns of Lua: the replay at the end of an id, and the delivery that one at a fallback endpoint stands in for. */
  luaReplay: '_r%d+$',
  luaFallback: '^(.+)_f%x%x[-%d]*$',
} as const;

/** A shard is the unit of atomicity: all data of an endpoint is stored under one hash tag. */
export const SHARDS = 64;

/** Nine digits, so that the number of a replay fits every number type that stores it. */
const REPLAY_ID = /^(.+)_r([1-9]\d{0,8})$/;
const FALLBACK_ID = /^(.+)_f[0-9a-f]{2}(-\d+)?$/;
/** The parts that follow the shard: the number of the target, and of the replay. */
const AFTER_SHARD = /(-\d+|_r\d+)+$/;
const SHARD_AT_END = /([0-9a-f]{2})$/;

/** The delivery that an id replays, and the number of the replay; of an id that is no replay's, itself and 0. */
export function replayOf(deliveryId: string): { baseId: string; replay: number } {
  const match = REPLAY_ID.exec(deliveryId);
  return match ? { baseId: match[1] as string, replay: Number(match[2]) } : { baseId: deliveryId, replay: 0 };
}

/** The id of the nth replay of a delivery, counted from 1. */
export const replayId = (baseId: string, replay: number): string => `${baseId}${DELIVERY_ID.replayMark}${replay}`;

/** The delivery that one at a fallback endpoint stands in for; undefined for any other. */
export const fallbackOf = (deliveryId: string): string | undefined =>
  FALLBACK_ID.exec(replayOf(deliveryId).baseId)?.[1];

/** The id under which a fallback endpoint of a shard takes a delivery over. */
export const fallbackId = (deliveryId: string, shard: number): string =>
  `${deliveryId}${DELIVERY_ID.fallbackMark}${shard.toString(16).padStart(DELIVERY_ID.shardDigits, '0')}`;

/** The shard in which a delivery is stored; undefined for a text that is no delivery id. */
export function shardOfDelivery(deliveryId: string): number | undefined {
  const digits = SHARD_AT_END.exec(deliveryId.replace(AFTER_SHARD, ''))?.[1];
  const shard = digits === undefined ? undefined : Number.parseInt(digits, 16);
  return shard !== undefined && shard < SHARDS ? shard : undefined;
}
