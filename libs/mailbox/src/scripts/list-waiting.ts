import { list, number, optionalNumber, type RedisClient, row, text, type ValueOf } from '#libs/redis';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';

const delivery = row('delivery', { id: text, event: text, createdAt: number, nextAt: optionalNumber });

const LIST_WAITING = defineMailboxScript({
  name: 'list-waiting',
  file: new URL('./list-waiting.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, target: text, cursor: text, most: number },
  answer: row('page', {
    cursor: text,
    portions: list(row('portion', { cursor: text, deliveries: list(delivery) })),
  }),
});

export type WaitingDelivery = ValueOf<typeof delivery>;

/**
 * Lists deliveries of a mailbox that have had no attempt and are not in flight, from a cursor on, `0` at first and after
 * the last page. Each portion has the cursor that it begins at.
 * @param most about how many to look at
 */
export const listWaitingIn = (redis: RedisClient, target: string, cursor: string, most: number) =>
  runInShard(redis, LIST_WAITING, shardOfTarget(target), { target, cursor, most });
