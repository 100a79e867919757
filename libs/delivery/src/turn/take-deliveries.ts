import { randomUUID } from 'node:crypto';
import type { TakeResult } from '#libs/mailbox';
import type { Grant } from '../rate/rates.js';
import { learnCapacity } from './active-target.js';
import type { ClockReading } from './message-lease.js';
import type { StageDeps, TurnRun } from './turn-run.js';

/** A digest is one message: for slots and rates it counts once. */
export const messagesOf = (taken: TakeResult | undefined): number =>
  taken?.digest ? Math.min(1, taken.deliveries.length) : (taken?.deliveries.length ?? 0);

/** The result of a take, with the clocks before it: the in-flight leases began later. */
export interface Taken extends TakeResult {
  askedAt: ClockReading;
}

/**
 * Stage: takes as many deliveries as the grant allows, with an in-flight lease each, and returns unused slots and sends.
 * Undefined if the turn is not, or no longer, that of this job.
 */
export async function takeDeliveries(
  turn: TurnRun,
  { slots, grant }: { slots: number; grant: Grant },
  deps: StageDeps,
): Promise<Taken | undefined> {
  const { target, destination, job } = turn;
  const { settlements } = target;
  const askedAt = deps.readClocks();
  let taken: TakeResult | undefined;
  try {
    taken = await deps.mailboxes.take(target.ref, { job, callId: randomUUID(), max: grant.count }, destination);
    if (taken) learnCapacity(target, taken);
  } finally {
    if (destination.open) deps.slots.release(slots - messagesOf(taken));
    await grant.use(messagesOf(taken)).catch(deps.onError);
  }
  const emptied = taken && !taken.digest && messagesOf(taken) < grant.count;
  if (emptied && target.settlements === settlements) target.ready = 0;
  return taken && { ...taken, askedAt };
}
