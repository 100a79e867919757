import { randomUUID } from 'node:crypto';
import type { TurnResult } from '#libs/contracts';
import type { Deliver } from './deliver.js';
import type { Destination, Destinations } from './destination.js';
import { createFlights, type Flights, type FlightsParts } from './flights.js';
import type { Place, Settlement, Taken } from './mailboxes.js';

/** A turn's time; then the other targets of the channel have theirs. */
const QUANTUM_MS = 1_000;
const TAKE_MAX = 50;
/** How long a target waits while the settings cannot be read that tell whether it still exists. */
const PUT_OFF_MS = 2_000;

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
  const flying = new Set<Flights>();
  let stopping = false;

  async function run(place: Place, job: number): Promise<TurnResult> {
    const tally: TurnResult = { taken: 0, delivered: 0, retried: 0, dead: 0, cancelled: 0, inFlight: 0 };
    const destination = await parts.destinations.find(place).catch((error: unknown) => {
      parts.onError(error);
      return undefined;
    });
    if (!destination) {
      // Taking nothing makes the turn this job's, so that it can be put off.
      const about = { endpointId: '', endpointName: '', team: '', channel: place.channel, target: '' };
      await parts.mailboxes.take(place, { job, token: randomUUID(), max: 0, about });
      await rest(place, job, PUT_OFF_MS);
      return { ...tally, note: 'put off: the settings cannot be read' };
    }
    const pushPeriodMs = destination.open ? destination.endpoint.pushPeriodMs : destination.pushPeriodMs;
    const flights = createFlights(place, destination.about, pushPeriodMs, tally, parts);
    flying.add(flights);
    const mine = await takeAndSend(place, job, destination, flights, tally);
    void flights.landed().then(() => flying.delete(flights));
    tally.inFlight = flights.count;
    if (!mine) return { ...tally, note: 'another turn is at this target' };
    await rest(place, job, 0);
    return tally;
  }

  /** True unless the turn turned out to be another job's. */
  async function takeAndSend(
    place: Place,
    job: number,
    destination: Destination,
    flights: Flights,
    tally: TurnResult,
  ): Promise<boolean> {
    const ends = parts.now() + QUANTUM_MS;
    let first = true;
    while (first || (!stopping && parts.now() < ends)) {
      const room = stopping ? 0 : await parts.slots.reserve(TAKE_MAX, ends - parts.now());
      if (room === 0 && !first) break;
      first = false;
      const ask = { job, token: randomUUID(), max: room, about: destination.about };
      const taken = await parts.mailboxes.take(place, ask).catch((error: unknown) => {
        parts.slots.release(room);
        throw error;
      });
      parts.slots.release(room - (taken?.length ?? 0));
      if (!taken) return false;
      tally.taken += taken.length;
      for (const delivery of taken) flights.launch(delivery.id, () => settlementOf(destination, delivery));
      const more = taken.length === room && room > 0;
      await flights.until(
        () => flights.count === 0 || flights.ready > 0 || (more && flights.count <= TAKE_MAX / 2),
        ends - parts.now(),
      );
      if (flights.count === 0 && flights.ready === 0 && !more) break;
    }
    return true;
  }

  async function settlementOf(destination: Destination, delivery: Taken): Promise<Settlement> {
    const { id, attempt } = delivery;
    if (!destination.open) return { id, attempt, verdict: 'cancelled', reason: destination.reason };
    const settlement = await parts.deliver(destination, delivery);
    // A retry under settings that have changed meanwhile does not wait: they may end it, or make it succeed.
    if (settlement.verdict === 'again' && !parts.destinations.isCurrent(destination))
      return { ...settlement, delayMs: 0 };
    return settlement;
  }

  async function rest(place: Place, job: number, putOffMs: number): Promise<void> {
    const next = await parts.mailboxes.rest(place, job, putOffMs);
    // A lost call is found by the sweeper.
    if (next) await parts.queues.add(place, next.job, next.delayMs).catch(parts.onError);
  }

  return {
    run,
    async stop() {
      stopping = true;
      await Promise.all([...flying].map((flights) => flights.landed()));
    },
  };
}
