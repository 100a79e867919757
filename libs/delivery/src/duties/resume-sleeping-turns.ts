import type { Mailboxes } from '#libs/mailbox';
import type { Destinations } from '../destination/destination.js';
import type { TurnQueues } from '../queues/turn-queues.js';

/**
 * Settings apply to what is queued already: turns that fell asleep under settings which have changed since look again.
 * It compares, and so it also finds what changed while no worker lived.
 * @returns how many turns were roused
 */
export async function rouseChanged(
  destinations: Destinations,
  mailboxes: Mailboxes,
  queues: TurnQueues,
): Promise<number> {
  const asleep = await mailboxes.sleepingTurns();
  const changed = asleep.filter((ref) => ref.seen !== '' && ref.seen !== destinations.seen(ref));
  const wakes = await Promise.all(changed.map((ref) => mailboxes.resume(ref)));
  await queues.wake(wakes.flat());
  return changed.length;
}
