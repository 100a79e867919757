import type { Mailboxes } from '#libs/mailbox';
import type { Destinations } from './destination.js';
import type { TurnQueues } from './turn-queues.js';

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
  const asleep = await mailboxes.asleep();
  const changed = asleep.filter((place) => place.seen !== '' && place.seen !== destinations.seen(place));
  const wakes = await Promise.all(changed.map((place) => mailboxes.rouse(place)));
  await queues.wake(wakes.flat());
  return changed.length;
}
