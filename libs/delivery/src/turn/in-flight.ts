import { DIED_NAMED_MAX, type TurnResult } from '#libs/contracts';
import type { Capacity, Mailboxes, Settlement, TargetRef } from '#libs/mailbox';
import type { Destination } from '../destination/destination.js';
import type { TurnQueues } from '../queues/turn-queues.js';
import { createWatchers } from './changes.js';
import type { Slots } from './slots.js';

/** Well within a lease; sends are mostly over sooner. */
const RENEW_EVERY_MS = 4_000;
/** Redis is waited for by its connection; what fails beyond that is tried a few times, then the leases run out. */
const SETTLE_TRIES = 20;
const SETTLE_RETRY_MS = 250;

export interface FlightsParts {
  mailboxes: Mailboxes;
  queues: TurnQueues;
  slots: Slots;
  sleep(ms: number): Promise<void>;
  onSettleError(error: unknown): void;
  /** Deliveries of the target's shard are on their way to a fallback endpoint. */
  onHandover(ref: TargetRef): void;
}

/** The turn to which a send belongs. */
export interface Sender {
  destination: Destination;
  tally: TurnResult;
  /** The turn has told what it did; what lands from now on is for another to tell. */
  over: boolean;
}

/** The sends of a process to one target, and the settling of those that are done, many in one act. */
export interface Flights {
  /** One send, of one delivery or of several in a digest; not all of them need have a settlement. */
  launch(ids: readonly string[], sender: Sender, send: () => Promise<Settlement[]>): void;
  /** In the air or not yet settled. */
  readonly count: number;
  /** In the air. */
  readonly sending: number;
  /** Deliveries ready at the target, as far as is known. */
  readonly ready: number;
  /** Takes, and learns from it what is ready; what is settled meanwhile knows better. */
  taking<T extends { emptied: boolean }>(take: () => Promise<T | undefined>): Promise<T | undefined>;
  /** Waits until the condition holds, looking after every settling, at most so long. */
  until(condition: () => boolean, mostMs: number): Promise<void>;
  /** Ends when everything is settled. */
  landed(): Promise<void>;
  /** Something has died since its turn was over, and was not asked for yet. */
  readonly diedLate: boolean;
  /** What has landed since its turns were over, and was not asked for yet. */
  takeLate(): TurnResult;
}

export const newTally = (): TurnResult => ({
  taken: 0,
  delivered: 0,
  retried: 0,
  dead: 0,
  cancelled: 0,
  inFlight: 0,
  died: [],
});

/** @param learn hears how much the target may have in flight, after each settling */
export function createFlights(ref: TargetRef, parts: FlightsParts, learn: (capacity: Capacity) => void): Flights {
  let count = 0;
  let ready = 0;
  let settlings = 0;
  let done: { ids: readonly string[]; settlements: readonly Settlement[]; sender: Sender }[] = [];
  let settling = false;
  let late = newTally();
  const tallyOf = ({ tally, over }: Sender): TurnResult => (over ? late : tally);
  const watchers = createWatchers();
  const inTheAir = new Set<string>();
  let renewing: NodeJS.Timeout | undefined;

  const finish = (deliveries: number): void => {
    count -= deliveries;
    if (count === 0) {
      clearInterval(renewing);
      renewing = undefined;
    }
    watchers.tell();
  };

  async function settleAll(): Promise<void> {
    while (done.length > 0) {
      const batch = done;
      done = [];
      // Turns differ in what they have seen of the settings.
      for (const [destination, some] of Map.groupBy(batch, ({ sender }) => sender.destination)) {
        await settle(destination, some);
      }
      finish(batch.reduce((sum, { ids }) => sum + ids.length, 0));
    }
    settling = false;
  }

  async function settle(destination: Destination, batch: typeof done): Promise<void> {
    const settlements = batch.flatMap((send) => send.settlements);
    for (let tries = 0; tries < SETTLE_TRIES; tries++) {
      try {
        const settled = await parts.mailboxes.settle(ref, settlements, destination);
        ready = settled.ready;
        settlings += 1;
        learn(settled);
        for (const send of batch) for (const settlement of send.settlements) addTo(tallyOf(send.sender), settlement);
        if (batch[0]) tallyOf(batch[0].sender).cancelled += settled.cancelled;
        if (settled.handedOver) parts.onHandover(ref);
        if (settled.wakes.length > 0) await parts.queues.wake(settled.wakes).catch(parts.onSettleError);
        return;
      } catch (error) {
        parts.onSettleError(error);
        await parts.sleep(SETTLE_RETRY_MS);
      }
    }
  }

  /** What is sent but not settled yet keeps its lease too: nobody else is to send it meanwhile. */
  async function renew(): Promise<void> {
    const ids = [...inTheAir, ...done.flatMap((send) => send.ids)];
    if (ids.length > 0) await parts.mailboxes.renewLeases(ref, ids).catch(parts.onSettleError);
  }

  return {
    get count() {
      return count;
    },
    get sending() {
      return inTheAir.size;
    },
    get ready() {
      return ready;
    },
    launch(ids, sender, send) {
      count += ids.length;
      for (const id of ids) inTheAir.add(id);
      renewing ??= setInterval(() => void renew(), RENEW_EVERY_MS);
      const landed = (): void => {
        for (const id of ids) inTheAir.delete(id);
        if (sender.destination.open) parts.slots.release(1);
      };
      send().then(
        (settlements) => {
          landed();
          done.push({ ids, settlements, sender });
          if (settling) return;
          settling = true;
          // What lands in the same tick is settled together.
          setImmediate(() => void settleAll());
        },
        (error: unknown) => {
          // A fault of ours, told and not settled: the lease runs out, and another attempt is made.
          landed();
          parts.onSettleError(error);
          finish(ids.length);
        },
      );
    },
    async taking(take) {
      const before = settlings;
      const taken = await take();
      if (taken?.emptied && settlings === before) ready = 0;
      return taken;
    },
    until: watchers.until,
    landed: () => watchers.until(() => count === 0),
    get diedLate() {
      return late.dead > 0;
    },
    takeLate() {
      const taken = late;
      late = newTally();
      return taken;
    },
  };
}

function addTo(tally: TurnResult, { id, verdict, tried, reason }: Settlement): void {
  if (verdict === 'delivered') tally.delivered += 1;
  else if (verdict === 'again') tally.retried += 1;
  else if (verdict === 'cancelled') tally.cancelled += 1;
  else {
    tally.dead += 1;
    tally.words = reason ?? [tried?.code, tried?.message].filter(Boolean).join(': ');
    if (tally.died.length < DIED_NAMED_MAX) tally.died.push(id);
  }
}
