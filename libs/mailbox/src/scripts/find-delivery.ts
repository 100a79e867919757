import { shardOfDelivery } from '#libs/contracts';
import { flag, number, optional, optionalNumber, type RedisClient, row, text } from '#libs/redis';
import { defineMailboxScript, runInShard } from '../shard/mailbox-script.js';

const delivery = row('delivery', {
  channel: text,
  target: text,
  endpointInfo: text,
  event: text,
  createdAt: number,
  attempts: number,
  nextAt: optionalNumber,
  inFlight: flag,
});

const FIND_DELIVERY = defineMailboxScript({
  name: 'find-delivery',
  file: new URL('./find-delivery.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, id: text },
  answer: optional(delivery),
});

/** Finds a pending delivery by its id; undefined where no mailbox has it, or no longer. */
export async function findDelivery(redis: RedisClient, id: string) {
  const shard = shardOfDelivery(id);
  return shard === undefined ? undefined : runInShard(redis, FIND_DELIVERY, shard, { id });
}
