import type { TurnResult } from '#libs/contracts';
import type { TakeResult, TargetRef } from '#libs/mailbox';
import type { Grant } from '../rate/rates.js';
import { type ActiveTargets, roomAt, takeLate } from './active-target.js';
import { askRate } from './ask-rate.js';
import { endTurn, putOff } from './end-turn.js';
import { findDestination } from './find-destination.js';
import { reportLate } from './late-report.js';
import { reserveSlots, waitForSlot } from './reserve-slots.js';
import { sendTaken } from './send-taken.js';
import { takeDeliveries } from './take-deliveries.js';
import { noResult, type TurnReport } from './turn-report.js';
import {
  isCurrent,
  patienceMs,
  QUANTUM_MS,
  type StageDeps,
  TAKE_MAX,
  type TurnRun,
  type TurnWait,
} from './turn-run.js';

/**
 * Runs one turn at a target: finds its destination; then reserves slots, asks the rate, takes and sends (each send
 * settles when it is over), until there is no more to do or the quantum is over; and ends the turn.
 */
export async function runTurn(
  ref: TargetRef,
  job: number,
  targets: ActiveTargets,
  deps: StageDeps,
): Promise<TurnResult> {
  const destination = await findDestination(ref, deps);
  if (!destination) {
    await putOff(ref, job, deps);
    return { ...noResult(), note: 'put off: the settings cannot be read' };
  }
  const target = targets.activate(ref);
  const report: TurnReport = { result: takeLate(target), reported: false };
  const endsAt = deps.now() + QUANTUM_MS;
  const turn: TurnRun = { target, job, destination, endsAt, report };
  try {
    const wait = await takeAndSend(turn, deps);
    if (!wait) return { ...report.result, note: 'another turn is at this target' };
    await endTurn(turn, wait, deps);
    return report.result;
  } finally {
    report.result.inFlight = target.inFlight.count;
    report.reported = true;
    void reportLate(target, targets, deps).catch(deps.onError);
  }
}

/** Returns what the next turn has to wait for; undefined if the turn is that of another job. */
async function takeAndSend(turn: TurnRun, deps: StageDeps): Promise<TurnWait | undefined> {
  do {
    const slots = await reserveSlots(turn, deps);
    const grant = await askRate(turn, slots, deps);
    const taken = await takeDeliveries(turn, { slots, grant }, deps);
    if (!taken) return undefined;
    turn.report.result.taken += taken.deliveries.length;
    sendTaken(turn, taken, grant, deps);
    if (taken.more) continue;
    if (grant.count === 0) return slots > 0 ? { waitMs: grant.waitMs, why: 'rate' } : waitForSlot(turn, deps);
    if (!(await untilMore(turn, taken, grant, deps))) return {};
  } while (!deps.stop.aborted && deps.now() < turn.endsAt && isCurrent(turn, deps));
  return {};
}

/** Waits, as long as the turn has patience, until more can be taken; returns whether there may be more. */
async function untilMore(turn: TurnRun, taken: TakeResult, grant: Grant, deps: StageDeps): Promise<boolean> {
  const { target } = turn;
  const { inFlight } = target;
  const full = taken.digest || taken.deliveries.length === grant.count;
  const mayBeMore = (): boolean => target.ready > 0 || (full && inFlight.count <= TAKE_MAX / 2);
  await inFlight.until(() => inFlight.count === 0 || (mayBeMore() && roomAt(target) > 0), patienceMs(turn, deps));
  return mayBeMore();
}
