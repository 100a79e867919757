import type { CancelReason } from '#libs/contracts';
import { list, number, optionalNumber, row, text } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import { type EndpointInfo, infoArgument, type TargetRef } from '../shard/target-ref.js';
import { type Wake, wake } from '../shard/wake.js';

const CANCEL = defineMailboxScript({
  name: 'cancel',
  file: new URL('./cancel.lua', import.meta.url),
  whenFull: true,
  args: {
    prefix: text,
    now: optionalNumber,
    channel: text,
    target: text,
    endpointInfo: text,
    pushPeriodMs: number,
    reason: text,
  },
  list: { ids: text },
  answer: row('cancelled', { wakes: list(wake), ids: list(text) }),
});

export interface CancelRules {
  endpointInfo: EndpointInfo | undefined;
  pushPeriodMs: number;
  reason: CancelReason;
}

/** Cancels deliveries that wait at a target, and none in flight. @returns the ids of those that it cancelled */
export async function cancel(
  { redis, now }: MailboxContext,
  { channel, target }: TargetRef,
  ids: readonly string[],
  { endpointInfo, pushPeriodMs, reason }: CancelRules,
): Promise<{ wakes: Wake[]; cancelled: string[] }> {
  if (ids.length === 0) return { wakes: [], cancelled: [] };
  const answer = await runInShard(redis, CANCEL, shardOfTarget(target), {
    now: now?.(),
    channel,
    target,
    endpointInfo: infoArgument(endpointInfo),
    pushPeriodMs,
    reason,
    ids,
  });
  return { wakes: answer.wakes, cancelled: answer.ids };
}
