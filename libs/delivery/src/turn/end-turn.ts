import type { TargetRef, TurnEnd } from '#libs/mailbox';
import { GONE } from '../destination/destination.js';
import { isCurrent, type StageDeps, type TurnRun, type TurnWait } from './turn-run.js';

/** Stage: ends the turn, and enqueues the next one if the target needs one. */
export function endTurn(turn: TurnRun, wait: TurnWait, deps: StageDeps): Promise<void> {
  const { target, job, destination } = turn;
  const { seen, expireAfterMs, fallback, open } = destination;
  const settings = isCurrent(turn, deps) ? '' : 'changed';
  return endWith(target.ref, job, { seen, expireAfterMs, fallback, open, settings, ...wait }, deps);
}

/** Ends a turn whose settings cannot be read; the deliveries wait. */
export function putOff(ref: TargetRef, job: number, deps: StageDeps): Promise<void> {
  const { seen, expireAfterMs, fallback } = GONE;
  return endWith(ref, job, { seen, expireAfterMs, fallback, open: true, settings: 'unknown' }, deps);
}

async function endWith(ref: TargetRef, job: number, end: TurnEnd, deps: StageDeps): Promise<void> {
  const next = await deps.mailboxes.endTurn(ref, job, end);
  // The sweeper enqueues a turn whose job is not added here.
  if (next) await deps.queues.add(ref, next.job, next.delayMs).catch(deps.onError);
}
