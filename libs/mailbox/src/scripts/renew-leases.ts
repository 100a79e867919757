import { list, number, optionalNumber, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import type { TargetRef } from '../shard/target-ref.js';

const RENEW_LEASES = defineMailboxScript({
  name: 'renew-leases',
  file: new URL('./renew-leases.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber, target: text },
  list: { attempts: { id: text, attempt: number } },
  answer: list(text),
});

/** A running attempt at a delivery. */
export interface RunningAttempt {
  id: string;
  /** The number of the attempt, from 1. */
  attempt: number;
}

/** Renews the in-flight leases of running attempts; returns the ids of those that still have one. */
export function renewLeases(
  { redis, now }: MailboxContext,
  { target }: TargetRef,
  attempts: readonly RunningAttempt[],
): Promise<string[]> {
  return runInShard(redis, RENEW_LEASES, shardOfTarget(target), { now: now?.(), target, attempts });
}
