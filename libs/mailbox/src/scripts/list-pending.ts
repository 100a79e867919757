import { flag, list, number, type RedisClient, row, text } from '#libs/redis';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';

const LIST_PENDING = defineMailboxScript({
  name: 'list-pending',
  file: new URL('./list-pending.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, target: text, cursor: text, most: number },
  answer: row('page', {
    cursor: text,
    deliveries: list(row('delivery', { id: text, event: text, createdAt: number, attempts: number, inFlight: flag })),
  }),
});

/**
 * Lists deliveries of a mailbox from a cursor on, `0` at first and after the last page.
 * @param most about how many to look at
 */
export const listPending = (redis: RedisClient, target: string, cursor: string, most: number) =>
  runInShard(redis, LIST_PENDING, shardOfTarget(target), { target, cursor, most });
