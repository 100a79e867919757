import type { Endpoint } from '#libs/contracts';
import { list, number, optionalNumber, text } from '#libs/redis';
import { shardOf } from '../shard/keys.js';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard } from '../shard/mailbox-script.js';
import { type Wake, wake } from '../shard/wake.js';

const ACCEPT = defineMailboxScript({
  name: 'accept',
  file: new URL('./accept.lua', import.meta.url),
  whenFull: true,
  args: {
    prefix: text,
    now: optionalNumber,
    channel: text,
    endpoint: text,
    deadPush: text,
    push: text,
    event: text,
    key: text,
    episode: text,
    severity: number,
    born: number,
    suppressed: number,
    origin: text,
  },
  list: { targets: { id: text, endpointInfo: text } },
  answer: list(wake),
});

/** A dead delivery on its way to its fallback endpoint. */
export interface DeadDelivery {
  /** The push that it belongs to. */
  deadPush: string;
  /** The id of the push at the fallback endpoint. */
  push: string;
  /** The event as JSON. */
  event: string;
  key: string;
  episode: string;
  severity: number;
  /** When the event came in, epoch milliseconds. */
  born: number;
  suppressed: number;
  /** The endpoint and push that learn of its end, as JSON; empty for none. */
  origin: string;
}

/** Puts a dead delivery into the mailboxes of its fallback endpoint, once a push. */
export function acceptFallback(
  { redis, now }: Pick<MailboxContext, 'redis' | 'now'>,
  { id, name, team, channel }: Endpoint,
  targets: readonly { id: string; label: string }[],
  delivery: DeadDelivery,
): Promise<Wake[]> {
  return runInShard(redis, ACCEPT, shardOf(id), {
    now: now?.(),
    channel,
    endpoint: id,
    ...delivery,
    targets: targets.map((target) => ({
      id: target.id,
      endpointInfo: JSON.stringify({ endpointId: id, endpointName: name, team, channel, target: target.label }),
    })),
  });
}
