import { list, number, type RedisClient, row, text } from '#libs/redis';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import { goRound, roundAnswer, roundArguments } from '../shard/round.js';

const READ_LEDGER = defineMailboxScript({
  name: 'read-ledger',
  file: new URL('./read-ledger.lua', import.meta.url),
  whenFull: true,
  args: roundArguments,
  answer: roundAnswer(list(row('number', { name: text, value: number }))),
});

/** The counters of all shards added up: deliveries by state, suppressions, histograms. */
export async function readLedger(redis: RedisClient): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  for (const { name, value } of (await goRound(redis, READ_LEDGER, {})).flat()) {
    totals.set(name, (totals.get(name) ?? 0) + value);
  }
  return totals;
}
