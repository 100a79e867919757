import { setImmediate } from 'node:timers/promises';
import type { Settlement, TakenDelivery, TakeResult } from '#libs/mailbox';
import type { Grant } from '../rate/rates.js';
import type { ActiveTarget } from './active-target.js';
import { settleFinished } from './settle-finished.js';
import { isCurrent, type StageDeps, type TurnRun } from './turn-run.js';

/** Reason of a delivery that is ended because its worker died at every attempt. */
const ENDS_WORKER = 'the worker ended every time this was tried';

/** Stage: starts to send what was taken, each delivery in a message of its own or all in one digest. */
export function sendTaken(turn: TurnRun, { digest, deliveries }: TakeResult, grant: Grant, deps: StageDeps): void {
  if (deliveries.length === 0) return;
  const messages = digest ? [deliveries] : deliveries.map((delivery) => [delivery]);
  const sends = messages.map((message) => sendMessage(turn, message, deps));
  for (const send of sends) void settleAfter(send, turn.target, deps);
  // A send counts for the rate until the last of its grant is over.
  void Promise.all(sends).then(() => grant.finish(sends.length).catch(deps.onError));
}

/** Sends one message. Resolves, when it is over, to whether a settling has to be started. */
async function sendMessage(turn: TurnRun, message: readonly TakenDelivery[], deps: StageDeps): Promise<boolean> {
  const { destination, report } = turn;
  const { inFlight } = turn.target;
  const ids = message.map(({ id }) => id);
  inFlight.add(ids);
  try {
    const settlements = await settlementsOf(turn, message, deps);
    return inFlight.finish({ destination, report, ids, settlements });
  } catch (error) {
    // A fault of this program. The deliveries are not settled: their leases expire, and they are tried again.
    deps.onError(error);
    inFlight.abandon(ids);
    return false;
  } finally {
    if (destination.open) deps.slots.release(1);
  }
}

async function settleAfter(send: Promise<boolean>, target: ActiveTarget, deps: StageDeps): Promise<void> {
  if (!(await send)) return;
  // Sends that are over in the same tick are settled together.
  await setImmediate();
  await settleFinished(target, deps);
}

/** Delivers a message, and decides what is to be settled for each of its deliveries. */
async function settlementsOf(turn: TurnRun, message: readonly TakenDelivery[], deps: StageDeps): Promise<Settlement[]> {
  const { destination } = turn;
  if (!destination.open) {
    const { reason } = destination;
    return message.map(({ id, attempt }) => ({ id, attempt, verdict: 'cancelled', reason }));
  }
  if (message.some(({ endsWorker }) => endsWorker)) {
    return message.map(({ id, attempt }) => ({ id, attempt, verdict: 'dead', maybe: true, reason: ENDS_WORKER }));
  }
  const settlements = await deps.deliver(destination, message);
  const [first] = settlements;
  if (first?.tried?.outcome === 'throttled') {
    await deps.rates.pause(destination.metered, first.delayMs ?? 0).catch(deps.onError);
  }
  // After a change of settings a retry does not wait: the new settings may end it, or make it succeed.
  if (isCurrent(turn, deps)) return settlements;
  return settlements.map((one) => (one.verdict === 'again' ? { ...one, delayMs: 0 } : one));
}
