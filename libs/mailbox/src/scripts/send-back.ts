import { number, optionalNumber, text } from '#libs/redis';
import { handedOverKey, shardOf } from '../shard/keys.js';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard } from '../shard/mailbox-script.js';

const SEND_BACK = defineMailboxScript({
  name: 'send-back',
  file: new URL('./send-back.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber, pushPeriodMs: number, push: text, origin: text },
  answer: number,
});

/** The endpoint and the push of a delivery that was handed over. */
export function parseOrigin(origin: string): { endpointId: string; push: string } {
  const [endpointId, push] = JSON.parse(origin) as [string, string];
  return { endpointId, push };
}

/** Takes back a push that its fallback endpoint could not deliver either: it gives its claim back. */
export async function sendBack(
  { redis, now }: Pick<MailboxContext, 'redis' | 'now'>,
  origin: string,
  pushPeriodMs: number,
): Promise<void> {
  const { endpointId, push } = parseOrigin(origin);
  await runInShard(redis, SEND_BACK, shardOf(endpointId), { now: now?.(), pushPeriodMs, push, origin });
}

/** Closes a push that its fallback endpoint has delivered: it stands from now on. */
export async function closeHandedOver({ redis }: Pick<MailboxContext, 'redis'>, origin: string): Promise<void> {
  const { endpointId, push } = parseOrigin(origin);
  await redis.del(handedOverKey(endpointId, push));
}
