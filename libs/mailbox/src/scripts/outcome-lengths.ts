import { list, number, type RedisClient } from '#libs/redis';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import { goRound, roundAnswer, roundArguments } from '../shard/round.js';

const OUTCOME_LENGTHS = defineMailboxScript({
  name: 'outcome-lengths',
  file: new URL('./outcome-lengths.lua', import.meta.url),
  whenFull: true,
  args: roundArguments,
  answer: roundAnswer(list(number)),
});

/** The number of outcomes that wait to be recorded, by shard. */
export const outcomesWaiting = async (redis: RedisClient): Promise<number[]> =>
  (await goRound(redis, OUTCOME_LENGTHS, {})).flat();
