import { list, number, optionalNumber, type RedisClient, row, text } from '#libs/redis';
import { shardOf } from '../shard/keys.js';
import { defineMailboxScript, runInShard } from '../shard/mailbox-script.js';
import { STATISTICS } from '../shard/words.js';

const READ_STATS = defineMailboxScript({
  name: 'read-stats',
  file: new URL('./read-stats.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber },
  list: { endpoints: text },
  answer: list(row('endpoint', { minute: list(number), hour: list(number), day: list(number) })),
});

/** Endpoints of one script: it blocks Redis for a few milliseconds where all are busy. */
const ENDPOINTS_A_SCRIPT = 50;

/** Counts of an endpoint: suppressed events, attempts that are retried, and deliveries by how they ended. */
export type Tally = Record<(typeof STATISTICS)[number], number>;

/**
 * Statistics of an endpoint for the last minute, hour and day. They are counted in time slots, so a number may include a
 * little more time (ten seconds, five minutes, an hour), and never less.
 */
export interface EndpointStats {
  minute: Tally;
  hour: Tally;
  day: Tally;
}

/** @param now overrides Redis' clock, in epoch milliseconds */
export async function readStats(
  redis: RedisClient,
  endpointIds: readonly string[],
  now?: number,
): Promise<Map<string, EndpointStats>> {
  const portions = [...Map.groupBy(new Set(endpointIds), shardOf)].flatMap(([shard, ids]) =>
    portionsOf(ids, ENDPOINTS_A_SCRIPT).map((some) => ({ shard, ids: some })),
  );
  const read = await Promise.all(
    portions.map(async ({ shard, ids }) => {
      const found = await runInShard(redis, READ_STATS, shard, { now, endpoints: ids });
      return found.map(({ minute, hour, day }, i): [string, EndpointStats] => [
        ids[i] as string,
        { minute: toTally(minute), hour: toTally(hour), day: toTally(day) },
      ]);
    }),
  );
  return new Map(read.flat());
}

const tallyBy = (count: (what: (typeof STATISTICS)[number], index: number) => number): Tally =>
  Object.fromEntries(STATISTICS.map((what, i) => [what, count(what, i)])) as Tally;

export const noTally = (): Tally => tallyBy(() => 0);

export const addTallies = (a: Tally, b: Tally): Tally => tallyBy((what) => a[what] + b[what]);

const toTally = (counts: readonly number[]): Tally => tallyBy((_, i) => counts[i] ?? 0);

const portionsOf = <T>(all: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
