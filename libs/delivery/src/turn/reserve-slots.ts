import { isGood, roomAt } from './active-target.js';
import { slotsKept } from './slots.js';
import { patienceMs, type StageDeps, TAKE_MAX, type TurnRun, type TurnWait } from './turn-run.js';

/** Retry delay when no worker slot is free for a target that has not answered yet. */
const NO_SLOT_MS = 250;

/**
 * Stage: reserves worker slots for the target. It gets few until it has answered, and some are kept for other targets,
 * so that receivers that hang cannot fill a worker. Cancelling needs no slot and does not wait for hanging sends.
 */
export async function reserveSlots(turn: TurnRun, deps: StageDeps): Promise<number> {
  const { target, destination } = turn;
  if (deps.stop.aborted) return 0;
  if (!destination.open) return TAKE_MAX;
  if (isGood(target)) await target.inFlight.until(() => roomAt(target) > 0, patienceMs(turn, deps));
  const most = Math.min(TAKE_MAX, roomAt(target));
  if (most <= 0) return 0;
  const kept = (): number => slotsKept(deps.slots.size, target.capacity.health, target.inFlight.sending);
  return deps.slots.reserve(most, patienceMs(turn, deps), kept);
}

/** The wait of a turn that got no slot. */
export function waitForSlot({ target, destination }: TurnRun, { stop }: StageDeps): TurnWait {
  return stop.aborted || !destination.open || isGood(target) ? {} : { waitMs: NO_SLOT_MS, why: 'slots' };
}
