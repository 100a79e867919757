import { number, optionalNumber, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import type { TargetRef } from '../shard/target-ref.js';

const RENEW_LEASES = defineMailboxScript({
  name: 'renew-leases',
  file: new URL('./renew-leases.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber, target: text },
  list: { ids: text },
  answer: number,
});

/** Renews the in-flight leases of deliveries that are still being sent. */
export async function renewLeases(
  { redis, now }: MailboxContext,
  { target }: TargetRef,
  ids: readonly string[],
): Promise<void> {
  await runInShard(redis, RENEW_LEASES, shardOfTarget(target), { now: now?.(), target, ids });
}
