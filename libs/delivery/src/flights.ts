import type { TurnResult } from '#libs/contracts';
import type { About, Mailboxes, Place, Settlement } from './mailboxes.js';
import type { Slots } from './slots.js';
import type { TurnQueues } from './turn-queues.js';

/** Well within a lease; sends are mostly over sooner. */
const RENEW_EVERY_MS = 4_000;
/** A settlement that Redis does not take is offered again until the lease it holds is long over. */
const SETTLE_RETRY_MS = 250;
const SETTLE_RETRIES_MAX = 240;

export interface FlightsParts {
  mailboxes: Mailboxes;
  queues: TurnQueues;
  slots: Slots;
  sleep(ms: number): Promise<void>;
  onSettleError(error: unknown): void;
}

/** The sends of one turn, and the settling of those that are done, many in one act. */
export interface Flights {
  launch(id: string, send: () => Promise<Settlement>): void;
  /** In the air or not yet settled. */
  readonly count: number;
  /** What the last settling found ready at the target. */
  readonly ready: number;
  /** Waits until the condition holds, looking after every settling, at most so long. */
  until(condition: () => boolean, mostMs: number): Promise<void>;
  /** Ends when everything is settled. */
  landed(): Promise<void>;
}

export function createFlights(
  place: Place,
  about: About,
  pushPeriodMs: number,
  tally: TurnResult,
  parts: FlightsParts,
): Flights {
  let count = 0;
  let ready = 0;
  let done: Settlement[] = [];
  let settling = false;
  let watchers: (() => void)[] = [];
  const inTheAir = new Set<string>();
  let renewing: NodeJS.Timeout | undefined;

  const tell = (): void => {
    const told = watchers;
    watchers = [];
    for (const watcher of told) watcher();
  };

  const finish = (sends: number): void => {
    count -= sends;
    if (count === 0) {
      clearInterval(renewing);
      renewing = undefined;
    }
    tell();
  };

  async function settleAll(): Promise<void> {
    while (done.length > 0) {
      const batch = done;
      done = [];
      await settle(batch);
      finish(batch.length);
    }
    settling = false;
  }

  /** What is sent but not settled yet keeps its lease too: nobody else is to send it meanwhile. */
  async function renew(): Promise<void> {
    const ids = [...inTheAir, ...done.map((settlement) => settlement.id)];
    if (ids.length > 0) await parts.mailboxes.renew(place, ids).catch(parts.onSettleError);
  }

  async function settle(batch: Settlement[]): Promise<void> {
    for (let tries = 0; tries < SETTLE_RETRIES_MAX; tries++) {
      try {
        const settled = await parts.mailboxes.settle(place, batch, about, pushPeriodMs);
        ready = settled.ready;
        tally.cancelled += settled.cancelled;
        for (const { verdict } of batch) addTo(tally, verdict);
        if (settled.wakes.length > 0) await parts.queues.wake(settled.wakes).catch(parts.onSettleError);
        return;
      } catch (error) {
        parts.onSettleError(error);
        await parts.sleep(SETTLE_RETRY_MS);
      }
    }
  }

  return {
    get count() {
      return count;
    },
    get ready() {
      return ready;
    },
    launch(id, send) {
      count += 1;
      inTheAir.add(id);
      renewing ??= setInterval(() => void renew(), RENEW_EVERY_MS);
      const landed = (): void => {
        parts.slots.release(1);
        inTheAir.delete(id);
      };
      send().then(
        (settlement) => {
          landed();
          done.push(settlement);
          if (settling) return;
          settling = true;
          // What lands in the same tick is settled together.
          setImmediate(() => void settleAll());
        },
        (error: unknown) => {
          // A fault of ours, told and not settled: the lease runs out, and another attempt is made.
          landed();
          parts.onSettleError(error);
          finish(1);
        },
      );
    },
    async until(condition, mostMs) {
      const timeout = Symbol();
      const ends = new Promise<typeof timeout>((resolve) => setTimeout(resolve, Math.max(mostMs, 0), timeout).unref());
      while (!condition()) {
        const next = new Promise<void>((resolve) => watchers.push(resolve));
        if ((await Promise.race([next, ends])) === timeout) return;
      }
    },
    async landed() {
      while (count > 0) await new Promise<void>((resolve) => watchers.push(resolve));
    },
  };
}

function addTo(tally: TurnResult, verdict: Settlement['verdict']): void {
  if (verdict === 'delivered') tally.delivered += 1;
  else if (verdict === 'again') tally.retried += 1;
  else if (verdict === 'dead') tally.dead += 1;
  else if (verdict === 'cancelled') tally.cancelled += 1;
}
