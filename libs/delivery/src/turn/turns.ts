import { randomUUID } from 'node:crypto';
import type { TurnResult } from '#libs/contracts';
import type { Capacity, Settlement, TakenDelivery, TakeResult, TargetRef, TurnEnd } from '#libs/mailbox';
import { type Destination, type Destinations, GONE } from '../destination/destination.js';
import { freely, type Grant, type Rates } from '../rate/rates.js';
import type { Deliver } from '../send/deliver.js';
import { createFlights, type Flights, type FlightsParts, newTally, type Sender } from './in-flight.js';
import { slotsKept } from './slots.js';

/** A turn's time; then the other targets of the channel have theirs. */
const QUANTUM_MS = 1_000;
/** A target that does not answer quickly is not waited for longer: what comes back from it calls for another turn. */
const PATIENCE_MS = 100;
const TAKE_MAX = 50;
/** Where no slot is free for a target that has not shown that it answers, it asks again after so long. */
const NO_SLOT_MS = 250;
/** Longer than a send may take by its timeout: finding a name, connecting, giving up. */
const TAKES_LONGER_MS = 10_000;
/** So long is waited for a turn to tell what died after the one before it. */
const TOLD_LATE_MS = 500;
const DOOMED = 'the worker ended every time this was tried';

const UNKNOWN: Capacity = { health: 'new', inFlightMax: 1 };

/** What counts for slots and rates: a digest is one message. */
const messagesOf = (taking: TakeResult | undefined): number =>
  taking?.digest ? Math.min(1, taking.deliveries.length) : (taking?.deliveries.length ?? 0);

export interface TurnParts extends FlightsParts {
  destinations: Destinations;
  rates: Rates;
  deliver: Deliver;
  now(): number;
  onError(error: unknown): void;
}

export interface Turns {
  /** One turn at a target: takes what is due, sends and settles it, and calls for the next turn. */
  run(ref: TargetRef, job: number): Promise<TurnResult>;
  /** No more is taken. Ends when everything in flight is settled. */
  stop(): Promise<void>;
}

/** Why a turn ended before its time, where the next one has to wait. */
type Wait = Pick<TurnEnd, 'waitMs' | 'why'>;

export function createTurns(parts: TurnParts): Turns {
  const airborne = new Map<string, Flights>();
  const capacities = new Map<string, Capacity>();
  const running = new Set<Promise<unknown>>();
  let stopping = false;

  async function turn(ref: TargetRef, job: number): Promise<TurnResult> {
    const destination = await parts.destinations.find(ref).catch((error: unknown) => {
      parts.onError(error);
      return undefined;
    });
    if (!destination) {
      await rest(ref, job, { ...GONE, settings: 'unknown', open: true });
      return { ...newTally(), note: 'put off: the settings cannot be read' };
    }
    const learn = ({ health, inFlightMax }: Capacity): void => void capacities.set(ref.target, { health, inFlightMax });
    const flights = airborne.get(ref.target) ?? createFlights(ref, parts, learn);
    airborne.set(ref.target, flights);
    const sender: Sender = { destination, tally: flights.takeLate(), over: false };
    const { tally } = sender;
    try {
      const wait = await takeAndSend(ref, job, sender, flights);
      if (!wait) return { ...tally, note: 'another turn is at this target' };
      await rest(ref, job, { ...destination, settings: isCurrent(ref, destination) ? '' : 'changed', ...wait });
      return tally;
    } finally {
      tally.inFlight = flights.count;
      sender.over = true;
      void tidyUp(ref, flights).catch(parts.onError);
    }
  }

  /** Undefined when the turn turned out to be another job's. */
  async function takeAndSend(ref: TargetRef, job: number, sender: Sender, flights: Flights): Promise<Wait | undefined> {
    const ends = parts.now() + QUANTUM_MS;
    const { destination } = sender;
    do {
      const slots = await reserve(ref, destination, flights, ends);
      const grant = await ask(ref, sender, slots, flights);
      const taking = await flights.taking(() => take(ref, job, { slots, grant }, destination));
      if (!taking) return undefined;
      sender.tally.taken += taking.deliveries.length;
      launch(ref, sender, flights, taking, grant);
      if (taking.more) continue;
      if (grant.count === 0) return slots > 0 ? { waitMs: grant.waitMs, why: 'rate' } : noSlot(ref.target, destination);
      const full = taking.digest || taking.deliveries.length === grant.count;
      const more = (): boolean => flights.ready > 0 || (full && flights.count <= TAKE_MAX / 2);
      await flights.until(
        () => flights.count === 0 || (more() && room(ref.target, flights) > 0),
        patience(ref.target, ends),
      );
      if (!more()) return {};
    } while (!stopping && parts.now() < ends && isCurrent(ref, destination));
    return {};
  }

  const capacityOf = (target: string): Capacity => capacities.get(target) ?? UNKNOWN;
  const isGood = (target: string): boolean => capacityOf(target).health === 'good';
  const room = (target: string, flights: Flights): number => capacityOf(target).inFlightMax - flights.count;
  const patience = (target: string, ends: number): number =>
    Math.min(ends - parts.now(), isGood(target) ? QUANTUM_MS : PATIENCE_MS);

  function noSlot(target: string, { open }: Destination): Wait {
    return stopping || !open || isGood(target) ? {} : { waitMs: NO_SLOT_MS, why: 'slots' };
  }

  /**
   * Slots for this target: few until it has shown that it answers, and some are always kept for others that do. So
   * receivers that hang cannot fill a worker. Cancelling needs no slot, and does not wait for what still hangs in the air.
   */
  async function reserve(
    { target }: TargetRef,
    { open }: Destination,
    flights: Flights,
    ends: number,
  ): Promise<number> {
    if (stopping) return 0;
    if (!open) return TAKE_MAX;
    if (isGood(target)) await flights.until(() => room(target, flights) > 0, patience(target, ends));
    const most = Math.min(TAKE_MAX, room(target, flights));
    if (most <= 0) return 0;
    const keep = (): number => slotsKept(parts.slots.size, capacityOf(target).health, flights.sending);
    return parts.slots.reserve(most, patience(target, ends), keep);
  }

  /** Of the slots, as many as the rate of the credential allows. */
  async function ask(
    { target }: TargetRef,
    { destination }: Sender,
    slots: number,
    { ready }: Flights,
  ): Promise<Grant> {
    if (!destination.open) return freely(slots);
    const { metered, channel, endpoint } = destination;
    const takesMs = channel.timeoutMs(endpoint.config) + TAKES_LONGER_MS;
    try {
      return await parts.rates.ask(metered, { target, count: slots, certain: ready >= slots, takesMs });
    } catch (error) {
      parts.slots.release(slots);
      throw error;
    }
  }

  async function take(
    ref: TargetRef,
    job: number,
    { slots, grant }: { slots: number; grant: Grant },
    destination: Destination,
  ) {
    let used = 0;
    try {
      const ask = { job, callId: randomUUID(), max: grant.count };
      const taking = await parts.mailboxes.take(ref, ask, destination);
      if (taking) capacities.set(ref.target, { health: taking.health, inFlightMax: taking.inFlightMax });
      used = messagesOf(taking);
      return taking && { ...taking, emptied: !taking.digest && used < grant.count };
    } finally {
      if (destination.open) parts.slots.release(slots - used);
      await grant.use(used).catch(parts.onError);
    }
  }

  /** Sends what was taken. When the last of it is over, the rate of the credential may go on counting. */
  function launch(ref: TargetRef, sender: Sender, flights: Flights, taking: TakeResult, grant: Grant): void {
    const messages = messagesOf(taking);
    let under = messages;
    const over = (): void => {
      under -= 1;
      if (under === 0) void grant.land(messages).catch(parts.onError);
    };
    const { deliveries } = taking;
    for (const message of taking.digest ? [deliveries] : deliveries.map((delivery) => [delivery])) {
      const ids = message.map(({ id }) => id);
      flights.launch(ids, sender, () => settlementsOf(ref, sender.destination, message).finally(over));
    }
  }

  async function settlementsOf(
    ref: TargetRef,
    destination: Destination,
    message: readonly TakenDelivery[],
  ): Promise<Settlement[]> {
    if (!destination.open) {
      const { reason } = destination;
      return message.map(({ id, attempt }) => ({ id, attempt, verdict: 'cancelled', reason }));
    }
    if (message.some(({ endsWorker }) => endsWorker)) {
      return message.map(({ id, attempt }) => ({ id, attempt, verdict: 'dead', maybe: true, reason: DOOMED }));
    }
    const settlements = await parts.deliver(destination, message);
    const [first] = settlements;
    if (first?.tried?.outcome === 'throttled') {
      await parts.rates.hold(destination.metered, first.delayMs ?? 0).catch(parts.onError);
    }
    // A retry under settings that have changed meanwhile does not wait: they may end it, or make it succeed.
    if (isCurrent(ref, destination)) return settlements;
    return settlements.map((one) => (one.verdict === 'again' ? { ...one, delayMs: 0 } : one));
  }

  async function rest(ref: TargetRef, job: number, how: TurnEnd): Promise<void> {
    const next = await parts.mailboxes.endTurn(ref, job, how);
    // A lost call is found by the sweeper.
    if (next) await parts.queues.add(ref, next.job, next.delayMs).catch(parts.onError);
  }

  const isCurrent = (ref: TargetRef, { seen }: Destination): boolean => parts.destinations.seen(ref) === seen;

  /** What dies after its turn is told by the next one, or for itself where none comes soon. */
  async function tidyUp(ref: TargetRef, flights: Flights): Promise<void> {
    await flights.landed();
    if (flights.diedLate && !stopping) await parts.sleep(TOLD_LATE_MS);
    if (flights.count > 0) return;
    if (airborne.get(ref.target) === flights) airborne.delete(ref.target);
    const late = flights.takeLate();
    if (late.dead > 0) await parts.queues.tell(ref, late);
  }

  return {
    run(ref, job) {
      const run = turn(ref, job);
      running.add(run);
      const over = (): void => void running.delete(run);
      run.then(over, over);
      return run;
    },
    async stop() {
      stopping = true;
      await Promise.allSettled(running);
      await Promise.all([...airborne.values()].map((flights) => flights.landed()));
    },
  };
}
