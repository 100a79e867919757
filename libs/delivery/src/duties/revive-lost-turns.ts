import type { Mailboxes } from '#libs/mailbox';
import type { Handover } from '../fallback/hand-over.js';
import type { TurnQueues } from '../queues/turn-queues.js';

interface SweepDeps {
  mailboxes: Mailboxes;
  queues: TurnQueues;
  handover: Handover;
}

/**
 * The sweeper: finds overdue turns in all shards and enqueues them again. Turns are lost when a worker dies, when an API
 * process dies between storing and enqueueing, or when Redis loses the last jobs of its append-only file.
 * @param channels those that the process serves, or all
 * @returns how many turns were enqueued
 */
export async function reviveLostTurns(
  { mailboxes, queues, handover }: SweepDeps,
  channels: readonly string[],
): Promise<number> {
  const overdue = await mailboxes.overdueTurns(channels);
  // Not awaited: a hand-over may take long, and reports its own errors.
  for (const prefix of overdue.handovers) void handover.carry(prefix);
  const waitingChannels = new Set<string>();
  const revived = await Promise.all(
    overdue.maybeLost.map(async (turn) => {
      if (!(await queues.holds(turn, turn.job))) return mailboxes.revive(turn, turn.job);
      waitingChannels.add(turn.channel);
      return [];
    }),
  );
  await Promise.all([...waitingChannels].map((channel) => queues.wakeWorkers(channel)));
  const wakes = [...overdue.wakes, ...revived.flat()];
  if (wakes.length > 0) await queues.wake(wakes);
  return wakes.length;
}
