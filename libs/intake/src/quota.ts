import { defineScript, number, type RedisClient, runScript } from '#libs/redis';

const COUNT = defineScript({
  name: 'count-quota',
  file: new URL('./count-quota.lua', import.meta.url),
  whenFull: false,
  args: { events: number, perMinute: number },
  answer: number,
});

/** A quota of events a minute for each team, over all processes. */
export interface Quota {
  /** Counts events. Returns 0 if they are within the quota, else the time until the next minute in milliseconds. */
  count(team: string, events: number): Promise<number>;
}

/** @param perMinute 0 for no quota */
export function createQuota(redis: RedisClient, perMinute: number): Quota {
  return {
    async count(team, events) {
      if (perMinute === 0 || events === 0) return 0;
      return runScript(redis, COUNT, `tocsin:{quota}:${team}`, { events, perMinute });
    },
  };
}
