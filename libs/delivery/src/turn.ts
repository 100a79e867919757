import { randomUUID } from 'node:crypto';
import type { TurnResult } from '#libs/contracts';
import type { Deliver } from './deliver.js';
import type { Destination, Destinations } from './destination.js';
import { createFlights, type Flights, type FlightsParts, type Sender } from './flights.js';
import { type Fate, FLIGHTS_MAX, type Place, type Settlement, type Taken } from './mailboxes.js';

/** A turn's time; then the other targets of the channel have theirs. */
const QUANTUM_MS = 1_000;
const TAKE_MAX = 50;
/** A target that has not shown yet that it takes what is sent holds no more of a worker than this. */
const UNPROVEN_FLIGHTS_MAX = 10;
const DOOMED = 'the worker ended every time this was tried';

export interface TurnParts extends FlightsParts {
  destinations: Destinations;
  deliver: Deliver;
  now(): number;
  onError(error: unknown): void;
}

export interface Turns {
  /** One turn at a target: takes what is due, sends and settles it, and calls for the next turn. */
  run(place: Place, job: number): Promise<TurnResult>;
  /** No more is taken. Ends when everything in flight is settled. */
  stop(): Promise<void>;
}

export function createTurns(parts: TurnParts): Turns {
  const airborne = new Map<string, Flights>();
  /** Targets whose last send succeeded. */
  const proven = new Set<string>();
  const running = new Set<Promise<unknown>>();
  let stopping = false;

  async function turn(place: Place, job: number): Promise<TurnResult> {
    const tally: TurnResult = { taken: 0, delivered: 0, retried: 0, dead: 0, cancelled: 0, inFlight: 0 };
    const destination = await parts.destinations.find(place).catch((error: unknown) => {
      parts.onError(error);
      return undefined;
    });
    if (!destination) {
      await rest(place, job, '', 'unknown');
      return { ...tally, note: 'put off: the settings cannot be read' };
    }
    const flights = airborne.get(place.target) ?? createFlights(place, parts);
    airborne.set(place.target, flights);
    try {
      const mine = await takeAndSend(place, job, { destination, tally }, flights);
      if (!mine) return { ...tally, note: 'another turn is at this target' };
      await rest(place, job, destination.seen, isCurrent(place, destination) ? '' : 'changed');
      return tally;
    } finally {
      tally.inFlight = flights.count;
      tidyUp(place.target, flights);
    }
  }

  /** True unless the turn turned out to be another job's. */
  async function takeAndSend(place: Place, job: number, sender: Sender, flights: Flights): Promise<boolean> {
    const ends = parts.now() + QUANTUM_MS;
    do {
      const room = stopping ? 0 : await reserve(place, sender.destination, flights, ends);
      const taken = await flights.taking(() => take(place, job, room, sender.destination));
      if (!taken.mine) return false;
      sender.tally.taken += taken.deliveries.length;
      for (const delivery of taken.deliveries) {
        flights.launch(delivery.id, sender, () => settlementOf(place, sender.destination, delivery));
      }
      if (room === 0) return true;
      const more = !taken.emptied;
      await flights.until(
        () => flights.count === 0 || flights.ready > 0 || (more && flights.count <= TAKE_MAX / 2),
        ends - parts.now(),
      );
      if (flights.count === 0 && flights.ready === 0 && !more) return true;
    } while (!stopping && parts.now() < ends && isCurrent(place, sender.destination));
    return true;
  }

  /**
   * Slots for this target: few until it has shown that it takes what is sent, and then from all there are, of which a
   * third is kept from the others. So receivers that hang cannot fill a worker.
   */
  async function reserve({ target }: Place, { open }: Destination, flights: Flights, ends: number): Promise<number> {
    // Cancelling needs no slot, and does not wait for what still hangs in the air.
    if (!open) return TAKE_MAX;
    const most = (): number => {
      learn(target, flights);
      return (proven.has(target) ? FLIGHTS_MAX : UNPROVEN_FLIGHTS_MAX) - flights.count;
    };
    await flights.until(() => most() > 0, ends - parts.now());
    const keep = proven.has(target) ? 0 : Math.floor(parts.slots.size / 3);
    return parts.slots.reserve(Math.min(TAKE_MAX, Math.max(0, most())), ends - parts.now(), keep);
  }

  async function take(place: Place, job: number, room: number, { about, open }: Destination) {
    try {
      const deliveries = await parts.mailboxes.take(place, { job, token: randomUUID(), max: room, about });
      if (open) parts.slots.release(room - (deliveries?.length ?? 0));
      return {
        mine: deliveries !== undefined,
        deliveries: deliveries ?? [],
        emptied: (deliveries?.length ?? 0) < room,
      };
    } catch (error) {
      if (open) parts.slots.release(room);
      throw error;
    }
  }

  async function settlementOf(place: Place, destination: Destination, delivery: Taken): Promise<Settlement> {
    const { id, attempt } = delivery;
    if (!destination.open) return { id, attempt, verdict: 'cancelled', reason: destination.reason };
    if (delivery.doomed) return { id, attempt, verdict: 'dead', maybe: true, reason: DOOMED };
    const settlement = await parts.deliver(destination, delivery);
    // A retry under settings that have changed meanwhile does not wait: they may end it, or make it succeed.
    if (settlement.verdict === 'again' && !isCurrent(place, destination)) return { ...settlement, delayMs: 0 };
    return settlement;
  }

  async function rest(place: Place, job: number, seen: string, fate: Fate): Promise<void> {
    const next = await parts.mailboxes.rest(place, job, seen, fate);
    // A lost call is found by the sweeper.
    if (next) await parts.queues.add(place, next.job, next.delayMs).catch(parts.onError);
  }

  const isCurrent = (place: Place, { seen }: Destination): boolean => parts.destinations.seen(place) === seen;

  function learn(target: string, { healthy }: Flights): void {
    if (healthy) proven.add(target);
    else if (healthy === false) proven.delete(target);
  }

  function tidyUp(target: string, flights: Flights): void {
    void flights.landed().then(() => {
      learn(target, flights);
      if (flights.count === 0 && airborne.get(target) === flights) airborne.delete(target);
    });
  }

  return {
    run(place, job) {
      const run = turn(place, job);
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
