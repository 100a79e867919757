import { setImmediate } from 'node:timers/promises';
import type { Settlement, TakenDelivery } from '#libs/mailbox';
import type { Grant } from '../rate/rates.js';
import type { ActiveTarget } from './active-target.js';
import type { ClockReading, MessageLease } from './message-lease.js';
import { settleFinished } from './settle-finished.js';
import type { Taken } from './take-deliveries.js';
import { isCurrent, type StageDeps, type TurnRun } from './turn-run.js';

/** Reason of a delivery that is ended because its worker died at every attempt. */
const ENDS_WORKER = 'the worker ended every time this was tried';

/** Stage: starts to send what was taken, each delivery in a message of its own or all in one digest. */
export function sendTaken(turn: TurnRun, taken: Taken, grant: Grant, deps: StageDeps): void {
  const { digest, deliveries, askedAt } = taken;
  if (deliveries.length === 0) return;
  const messages = digest ? [deliveries] : deliveries.map((delivery) => [delivery]);
  const sends = messages.map((message) => sendMessage(turn, message, askedAt, deps));
  for (const send of sends) void settleAfter(send, turn.target, deps);
  // A send counts for the rate until the last of its grant is over; what was not sent is given back.
  void Promise.all(sends).then((all) => grant.finish(all.filter(({ dropped }) => !dropped).length).catch(deps.onError));
}

/** The end of a message: whether a settling has to be started, and whether nothing was sent for lack of a lease. */
interface Ended {
  startsSettling: boolean;
  dropped: boolean;
}

/** Sends one message; resolves when it is over. */
async function sendMessage(
  turn: TurnRun,
  message: readonly TakenDelivery[],
  askedAt: ClockReading,
  deps: StageDeps,
): Promise<Ended> {
  const { destination, report } = turn;
  const { inFlight } = turn.target;
  const lease = inFlight.add(message, askedAt);
  try {
    const settlements = await settlementsOf(turn, message, lease, deps);
    const startsSettling = inFlight.finish({ destination, report, lease, settlements });
    return { startsSettling, dropped: settlements[0]?.verdict === 'released' };
  } catch (error) {
    // A fault of this program. The deliveries are not settled: their leases expire, and they are tried again.
    deps.onError(error);
    inFlight.abandon(lease);
    return { startsSettling: false, dropped: false };
  } finally {
    if (destination.open) deps.slots.release(1);
  }
}

async function settleAfter(send: Promise<Ended>, target: ActiveTarget, deps: StageDeps): Promise<void> {
  if (!(await send).startsSettling) return;
  // Sends that are over in the same tick are settled together.
  await setImmediate();
  await settleFinished(target, deps);
}

/** Delivers a message, and decides what is to be settled for each of its deliveries. */
async function settlementsOf(
  turn: TurnRun,
  message: readonly TakenDelivery[],
  lease: MessageLease,
  deps: StageDeps,
): Promise<Settlement[]> {
  const { destination } = turn;
  if (!destination.open) {
    const { reason } = destination;
    return message.map(({ id, attempt }) => ({ id, attempt, verdict: 'cancelled', reason }));
  }
  if (message.some(({ endsWorker }) => endsWorker)) {
    return message.map(({ id, attempt }) => ({ id, attempt, verdict: 'dead', maybe: true, reason: ENDS_WORKER }));
  }
  const settlements = await deps.deliver(destination, message, lease);
  const [first] = settlements;
  if (first?.tried?.outcome === 'throttled') {
    await deps.rates.pause(destination.metered, first.delayMs ?? 0).catch(deps.onError);
  }
  // After a change of settings a retry does not wait: the new settings may end it, or make it succeed.
  if (isCurrent(turn, deps)) return settlements;
  return settlements.map((one) => (one.verdict === 'again' ? { ...one, delayMs: 0 } : one));
}
