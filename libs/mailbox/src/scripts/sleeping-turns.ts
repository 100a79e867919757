import { list, row, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript } from '../shard/mailbox-script.js';
import { goRound, roundAnswer, roundArguments } from '../shard/round.js';
import type { TargetRef } from '../shard/target-ref.js';

const SLEEPING_TURNS = defineMailboxScript({
  name: 'sleeping-turns',
  file: new URL('./sleeping-turns.lua', import.meta.url),
  whenFull: true,
  args: roundArguments,
  answer: roundAnswer(list(row('turn', { channel: text, target: text, seen: text }))),
});

/** Lists sleeping turns with the version of the settings under which they fell asleep. */
export async function sleepingTurns({ redis }: MailboxContext): Promise<(TargetRef & { seen: string })[]> {
  return (await goRound(redis, SLEEPING_TURNS, {})).flat();
}
