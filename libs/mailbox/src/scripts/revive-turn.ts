import { list, numeral, optionalNumber, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import type { TargetRef } from '../shard/target-ref.js';
import { type Wake, wake } from '../shard/wake.js';

const REVIVE_TURN = defineMailboxScript({
  name: 'revive-turn',
  file: new URL('./revive-turn.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber, channel: text, target: text, job: numeral },
  answer: list(wake),
});

/** Replaces a turn whose job is lost. */
export const reviveTurn = (
  { redis, now }: MailboxContext,
  { channel, target }: TargetRef,
  job: number,
): Promise<Wake[]> => runInShard(redis, REVIVE_TURN, shardOfTarget(target), { now: now?.(), channel, target, job });
