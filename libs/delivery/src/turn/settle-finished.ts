import type { TurnResult } from '#libs/contracts';
import { parseTargetName, type SettleResult, shardOf, shardPrefix, type TargetRef } from '#libs/mailbox';
import type { Destination } from '../destination/destination.js';
import { type ActiveTarget, learnCapacity } from './active-target.js';
import type { FinishedSend } from './in-flight.js';
import { addToResult, type TurnReport } from './turn-report.js';
import type { StageDeps } from './turn-run.js';

/** Attempts to settle, besides the waiting of the Redis connection; after them the in-flight leases expire. */
const SETTLE_TRIES = 20;
const SETTLE_RETRY_MS = 250;

/** Stage: settles the sends that are over, many in one script, until there are none. */
export async function settleFinished(target: ActiveTarget, deps: StageDeps): Promise<void> {
  const { inFlight } = target;
  for (let batch = inFlight.nextFinished(); batch.length > 0; batch = inFlight.nextFinished()) {
    // Turns differ in the settings that they have seen.
    for (const [destination, sends] of Map.groupBy(batch, (send) => send.destination)) {
      const settled = await settle(target.ref, destination, sends, deps);
      // A fault of this program must not stop the settling of the other sends.
      if (settled) await learn(target, sends, settled, deps).catch(deps.onError);
    }
    inFlight.remove(batch.reduce((sum, { lease }) => sum + lease.deliveries.length, 0));
  }
}

/** Undefined if Redis accepted no attempt. */
async function settle(
  ref: TargetRef,
  destination: Destination,
  sends: readonly FinishedSend[],
  { mailboxes, sleep, onError }: StageDeps,
): Promise<SettleResult | undefined> {
  const settlements = sends.flatMap((send) => send.settlements);
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    try {
      return await mailboxes.settle(ref, settlements, destination);
    } catch (error) {
      onError(error);
      await sleep(SETTLE_RETRY_MS);
    }
  }
  return undefined;
}

/** Learns the state of the target, reports what was settled, and enqueues the turns that it asks for. */
async function learn(
  target: ActiveTarget,
  sends: readonly FinishedSend[],
  settled: SettleResult,
  { queues, handover, onError }: StageDeps,
): Promise<void> {
  target.ready = settled.ready;
  target.settlements += 1;
  learnCapacity(target, settled);
  const resultOf = ({ result, reported }: TurnReport): TurnResult => (reported ? target.late : result);
  for (const { report, settlements } of sends) {
    for (const settlement of settlements) addToResult(resultOf(report), settlement);
  }
  if (sends[0]) resultOf(sends[0].report).cancelled += settled.cancelled;
  if (settled.handedOver) void handover.carry(shardPrefix(shardOf(parseTargetName(target.ref.target).endpointId)));
  if (settled.wakes.length > 0) await queues.wake(settled.wakes).catch(onError);
}
