import type { RedisClient } from '#libs/redis';

const WINDOW_MS = 60_000;

/** Counts a team's events in the minute that Redis' clock shows; answers the count and what is left of the minute. */
const COUNT = `
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local window = math.floor(now / ${WINDOW_MS})
local used = tonumber(redis.call('HGET', KEYS[1], 'window') == tostring(window) and redis.call('HGET', KEYS[1], 'used') or 0)
if used + tonumber(ARGV[1]) <= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'window', tostring(window), 'used', used + ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ${2 * WINDOW_MS})
  return 0
end
return (window + 1) * ${WINDOW_MS} - now`;

/** A team's quota of events a minute, over all API processes. */
export interface Quota {
  /** Counts events; 0 when the team may send them, else how long until its next minute, in milliseconds. */
  count(team: string, events: number): Promise<number>;
}

/** @param perMinute 0 for no quota */
export function createQuota(redis: RedisClient, perMinute: number): Quota {
  return {
    async count(team, events) {
      if (perMinute === 0 || events === 0) return 0;
      return Number(await redis.eval(COUNT, 1, `tocsin:{quota}:${team}`, events, perMinute));
    },
  };
}
