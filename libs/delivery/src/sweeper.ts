import { SHARDS } from '#libs/mailbox';
import type { Mailboxes } from './mailboxes.js';
import type { TurnQueues } from './turn-queues.js';

/**
 * Finds turns that did not come, once around all shards, and calls for new ones: after the death of a worker, of an
 * API process between storing and waking, or of Redis with the last jobs of its append-only file.
 * @returns how many turns were called for
 */
export async function sweep(mailboxes: Mailboxes, queues: TurnQueues): Promise<number> {
  const found = await Promise.all(Array.from({ length: SHARDS }, (_, shard) => mailboxes.sweep(shard)));
  const revived = await Promise.all(
    found
      .flatMap(({ doubts }) => doubts)
      .map(async (doubt) => ((await queues.holds(doubt, doubt.job)) ? [] : mailboxes.revive(doubt, doubt.job))),
  );
  const wakes = [...found.flatMap((shard) => shard.wakes), ...revived.flat()];
  await queues.wake(wakes);
  return wakes.length;
}
