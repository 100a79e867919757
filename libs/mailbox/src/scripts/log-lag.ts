import type { RedisClient } from '#libs/redis';
import { defineRound, goRound } from './round.js';

const LOG_LAG = defineRound('log-lag');

/** How far the delivery log is behind what has happened. */
export interface LogLag {
  /** Outcomes that are not in the log yet. */
  waiting: number;
  /** Since when the oldest of them waits, in milliseconds; 0 where none does. */
  behindMs: number;
}

/** @param now overrides Redis' clock, in epoch milliseconds */
export async function readLogLag(redis: RedisClient, now?: number): Promise<LogLag> {
  const found = await goRound<[at: number, waiting: number, oldest: number]>(redis, LOG_LAG, [now ?? '']);
  return {
    waiting: found.reduce((sum, [, waiting]) => sum + waiting, 0),
    behindMs: Math.max(0, ...found.map(([at, , oldest]) => (oldest > 0 ? at - oldest : 0))),
  };
}
