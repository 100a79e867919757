import type { Mailboxes } from '#libs/mailbox';
import type { Destinations } from '../destination/destination.js';
import type { TurnQueues } from '../queues/turn-queues.js';

/**
 * Resumes turns that sleep under settings which have changed since, so that a change applies to waiting deliveries. It
 * compares settings, and so also finds changes that were made while no worker ran.
 * @returns how many turns were resumed
 */
export async function resumeSleepingTurns(
  destinations: Destinations,
  mailboxes: Mailboxes,
  queues: TurnQueues,
): Promise<number> {
  const sleeping = await mailboxes.sleepingTurns();
  const changed = sleeping.filter((ref) => ref.seen !== '' && ref.seen !== destinations.seen(ref));
  const wakes = await Promise.all(changed.map((ref) => mailboxes.resume(ref)));
  await queues.wake(wakes.flat());
  return changed.length;
}
