import { list, number, optionalNumber, row, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import { goRound, roundAnswer, roundArguments } from '../shard/round.js';
import type { TargetRef } from '../shard/target-ref.js';
import { type Wake, wake } from '../shard/wake.js';

const OVERDUE_TURNS = defineMailboxScript({
  name: 'overdue-turns',
  file: new URL('./overdue-turns.lua', import.meta.url),
  whenFull: true,
  args: { ...roundArguments, now: optionalNumber },
  list: { channels: text },
  answer: roundAnswer(
    row('overdue', {
      wakes: list(wake),
      maybeLost: list(row('maybeLost', { channel: text, target: text, job: number })),
      handovers: list(text),
    }),
  ),
});

export interface OverdueTurns {
  /** New turns of targets whose turn is lost. */
  wakes: Wake[];
  /** Turns of which only the queue knows whether their job is lost. */
  maybeLost: (TargetRef & { job: number })[];
  /** Prefixes of shards with deliveries on their way to a fallback endpoint. */
  handovers: string[];
}

/** Finds overdue turns of some channels, in all shards. */
export async function overdueTurns({ redis, now }: MailboxContext, channels: readonly string[]): Promise<OverdueTurns> {
  const found = await goRound(redis, OVERDUE_TURNS, { now: now?.(), channels });
  return {
    wakes: found.flatMap(({ wakes }) => wakes),
    maybeLost: found.flatMap(({ maybeLost }) => maybeLost),
    handovers: found.flatMap(({ handovers }) => handovers),
  };
}
