import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { ledgerKey, shardOf, shardPrefix } from './keys.js';
import { MAILBOX_LUA, STATS_LUA } from './lua-files.js';

const READ = defineScript('read-stats', [MAILBOX_LUA, STATS_LUA, new URL('./lua/read-stats.lua', import.meta.url)], {
  whenFull: true,
});
/** A script blocks Redis while it runs: a few milliseconds for so many endpoints that are all busy. */
const ENDPOINTS_A_SCRIPT = 50;

/** Events suppressed at an endpoint, attempts that are to be made again, and deliveries by how they ended. */
export interface Tally {
  delivered: number;
  suppressed: number;
  retried: number;
  dead: number;
  cancelled: number;
}

/**
 * What happened at an endpoint in the last minute, hour and day. Counted in slots, so a number may reach back a little
 * further (ten seconds, five minutes, an hour), and never falls short.
 */
export interface EndpointStats {
  minute: Tally;
  hour: Tally;
  day: Tally;
}

type TallyReply = [delivered: number, suppressed: number, retried: number, dead: number, cancelled: number];

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
      const args = [shardPrefix(shard), now ?? '', ...ids];
      const replies = (await runScript(redis, READ, ledgerKey(shard), args)) as [TallyReply, TallyReply, TallyReply][];
      return replies.map(([minute, hour, day], i): [string, EndpointStats] => [
        ids[i] as string,
        { minute: toTally(minute), hour: toTally(hour), day: toTally(day) },
      ]);
    }),
  );
  return new Map(read.flat());
}

export const noTally = (): Tally => ({ delivered: 0, suppressed: 0, retried: 0, dead: 0, cancelled: 0 });

export const addTallies = (a: Tally, b: Tally): Tally => ({
  delivered: a.delivered + b.delivered,
  suppressed: a.suppressed + b.suppressed,
  retried: a.retried + b.retried,
  dead: a.dead + b.dead,
  cancelled: a.cancelled + b.cancelled,
});

const toTally = ([delivered, suppressed, retried, dead, cancelled]: TallyReply): Tally => ({
  delivered,
  suppressed,
  retried,
  dead,
  cancelled,
});

const portionsOf = <T>(all: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most));
