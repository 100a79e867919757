import { RENEW_LEASES_EVERY_MS, type Settlement } from '#libs/mailbox';
import type { Destination } from '../destination/destination.js';
import { createChanges } from './changes.js';
import type { TurnReport } from './turn-report.js';

/** A send that is over and waits to be settled. */
export interface FinishedSend {
  destination: Destination;
  report: TurnReport;
  ids: readonly string[];
  /** A digest that failed has none for some of its deliveries. */
  settlements: readonly Settlement[];
}

/**
 * The deliveries that this process has in flight at one target, from being taken to being settled. Their in-flight
 * leases are renewed while they are sent and while they wait to be settled.
 */
export interface InFlight {
  /** Being sent or not settled yet. */
  readonly count: number;
  /** Being sent. */
  readonly sending: number;
  add(ids: readonly string[]): void;
  /** A send is over. Returns true if the caller has to settle; otherwise a settling that runs includes it. */
  finish(send: FinishedSend): boolean;
  /** The sends to settle next; none ends the settling. */
  nextFinished(): FinishedSend[];
  /** Removes deliveries whose send failed by a fault of this program; their leases expire. */
  abandon(ids: readonly string[]): void;
  /** Removes finished deliveries, now that they are settled. */
  remove(deliveries: number): void;
  /** Resolves when the condition holds, checked after each removal, or after `mostMs`. */
  until(condition: () => boolean, mostMs: number): Promise<void>;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

export function createInFlight(renewLeases: (ids: readonly string[]) => Promise<void>): InFlight {
  const sending = new Set<string>();
  const changes = createChanges();
  let count = 0;
  let finished: FinishedSend[] = [];
  let settling = false;
  let renewing: NodeJS.Timeout | undefined;

  /** A sent delivery keeps its lease until it is settled, so that no other worker sends it again. */
  function renew(): void {
    const ids = [...sending, ...finished.flatMap((send) => send.ids)];
    if (ids.length > 0) void renewLeases(ids);
  }

  function remove(deliveries: number): void {
    count -= deliveries;
    if (count === 0) {
      clearInterval(renewing);
      renewing = undefined;
    }
    changes.notify();
  }

  return {
    get count() {
      return count;
    },
    get sending() {
      return sending.size;
    },
    add(ids) {
      count += ids.length;
      for (const id of ids) sending.add(id);
      renewing ??= setInterval(renew, RENEW_LEASES_EVERY_MS);
    },
    finish(send) {
      for (const id of send.ids) sending.delete(id);
      finished.push(send);
      const idle = !settling;
      settling = true;
      return idle;
    },
    nextFinished() {
      const next = finished;
      finished = [];
      settling = next.length > 0;
      return next;
    },
    abandon(ids) {
      for (const id of ids) sending.delete(id);
      remove(ids.length);
    },
    remove,
    until: changes.until,
    settled: () => changes.until(() => count === 0),
  };
}
