import { defineMailboxScript, runInShard, shardOf, type Tally } from '#libs/mailbox';
import { number, optionalNumber, type RedisClient, text } from '#libs/redis';

const COUNT_STATISTICS = defineMailboxScript({
  name: 'count-statistics',
  file: new URL('./count-statistics.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber },
  list: { counts: { endpoint: text, what: text, by: number } },
  answer: number,
});

/** Counts statistics of an endpoint, as the scripts of admission and settling do. */
export const countStatistics = (
  redis: RedisClient,
  now: number | undefined,
  endpoint: string,
  ...counts: (readonly [keyof Tally, number])[]
) =>
  runInShard(redis, COUNT_STATISTICS, shardOf(endpoint), {
    now,
    counts: counts.map(([what, by]) => ({ endpoint, what, by })),
  });
