import type { Mailboxes } from '#libs/mailbox';
import type { Handover } from '../fallback/hand-over.js';
import type { TurnQueues } from '../queues/turn-queues.js';

/**
 * Finds turns that did not come, once around all shards, and calls for new ones: after the death of a worker, of an
 * API process between storing and waking, or of Redis with the last jobs of its append-only file.
 * @param channels which the process serves: who cannot run a turn does not look for it
 * @returns how many turns were called for
 */
export async function sweep(
  { mailboxes, queues, handover }: { mailboxes: Mailboxes; queues: TurnQueues; handover: Handover },
  channels: readonly string[],
): Promise<number> {
  const found = await mailboxes.overdueTurns(channels);
  // Nothing that sweeps waits for it: it may take long, and tells its failures itself.
  for (const prefix of found.handovers) void handover.carry(prefix);
  const late = new Set<string>();
  const revived = await Promise.all(
    found.maybeLost.map(async (turn) => {
      if (!(await queues.holds(turn, turn.job))) return mailboxes.revive(turn, turn.job);
      late.add(turn.channel);
      return [];
    }),
  );
  await Promise.all([...late].map((channel) => queues.ring(channel)));
  const wakes = [...found.wakes, ...revived.flat()];
  if (wakes.length > 0) await queues.wake(wakes);
  return wakes.length;
}
