import { list, number, type RedisClient, row } from '#libs/redis';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import { goRound, roundAnswer, roundArguments } from '../shard/round.js';

const AUDIT = defineMailboxScript({
  name: 'audit',
  file: new URL('./audit.lua', import.meta.url),
  whenFull: true,
  args: roundArguments,
  answer: roundAnswer(
    list(
      row('shard', {
        admitted: number,
        delivered: number,
        dead: number,
        cancelled: number,
        pending: number,
        records: number,
        placed: number,
      }),
    ),
  ),
});

/** The ledger beside a recount of the mailboxes. */
export interface Audit {
  admitted: number;
  delivered: number;
  dead: number;
  cancelled: number;
  pending: number;
  /** Records in the mailboxes; the ledger is balanced when as many are pending. */
  records: number;
  /** Records that are in exactly one list of their mailbox. */
  placed: number;
  /** Deliveries by which the ledger is not balanced, over all shards; 0 in a sound installation. */
  imbalance: number;
}

/** Recounts every shard, each in one act, so that concurrent changes cannot falsify it. */
export async function audit(redis: RedisClient): Promise<Audit> {
  const sum: Audit = {
    admitted: 0,
    delivered: 0,
    dead: 0,
    cancelled: 0,
    pending: 0,
    records: 0,
    placed: 0,
    imbalance: 0,
  };
  for (const shard of (await goRound(redis, AUDIT, {})).flat()) {
    const { admitted, delivered, dead, cancelled, pending, records, placed } = shard;
    sum.admitted += admitted;
    sum.delivered += delivered;
    sum.dead += dead;
    sum.cancelled += cancelled;
    sum.pending += pending;
    sum.records += records;
    sum.placed += placed;
    sum.imbalance +=
      Math.abs(admitted - delivered - dead - cancelled - pending) +
      Math.abs(pending - records) +
      Math.abs(records - placed);
  }
  return sum;
}
