import { number, optionalNumber, type RedisClient, row } from '#libs/redis';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import { goRound, roundAnswer, roundArguments } from '../shard/round.js';

const LOG_LAG = defineMailboxScript({
  name: 'log-lag',
  file: new URL('./log-lag.lua', import.meta.url),
  whenFull: true,
  args: { ...roundArguments, now: optionalNumber },
  answer: roundAnswer(row('lag', { now: number, waiting: number, oldest: number })),
});

/** How far the delivery log is behind the outcomes. */
export interface LogLag {
  /** Outcomes that are not in the log yet. */
  waiting: number;
  /** Age of the oldest of them, in milliseconds; 0 for none. */
  behindMs: number;
}

/** @param now overrides Redis' clock, in epoch milliseconds */
export async function readLogLag(redis: RedisClient, now?: number): Promise<LogLag> {
  const found = await goRound(redis, LOG_LAG, { now });
  return {
    waiting: found.reduce((sum, { waiting }) => sum + waiting, 0),
    behindMs: Math.max(0, ...found.map(({ now: at, oldest }) => (oldest > 0 ? at - oldest : 0))),
  };
}
