import { SHARDS } from './keys.js';

/** What follows the id of a push: the number of its target, and of its replay. */
const SERIALS = /(-\d+|_r\d+)+$/;

/**
 * The shard of a delivery, which its id ends with: two hex digits before the number of its target (`-2`) or replay
 * (`_r1`), or those of a delivery that went on to a fallback endpoint (`_f3a`). Undefined for what is no id of ours.
 */
export function shardOfDelivery(id: string): number | undefined {
  const digits = /([0-9a-f]{2})$/.exec(id.replace(SERIALS, ''))?.[1];
  const shard = digits === undefined ? undefined : Number.parseInt(digits, 16);
  return shard !== undefined && shard < SHARDS ? shard : undefined;
}
