import { list, optionalNumber, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import type { TargetRef } from '../shard/target-ref.js';
import { type Wake, wake } from '../shard/wake.js';

const RESUME = defineMailboxScript({
  name: 'resume',
  file: new URL('./resume.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber, channel: text, target: text },
  answer: list(wake),
});

/** Resumes a target whose settings have changed: retries no longer wait, and a sleeping turn looks again. */
export const resume = ({ redis, now }: MailboxContext, { channel, target }: TargetRef): Promise<Wake[]> =>
  runInShard(redis, RESUME, shardOfTarget(target), { now: now?.(), channel, target });
