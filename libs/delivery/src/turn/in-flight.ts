import { RENEW_LEASES_EVERY_MS, type RunningAttempt, type Settlement, type TakenDelivery } from '#libs/mailbox';
import type { Destination } from '../destination/destination.js';
import { createChanges } from './changes.js';
import { type ClockReading, MessageLease, type ReadClocks } from './message-lease.js';
import type { TurnReport } from './turn-report.js';

/** A send that is over and waits to be settled. */
export interface FinishedSend {
  destination: Destination;
  report: TurnReport;
  lease: MessageLease;
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
  /** @param askedAt read before the deliveries were taken */
  add(message: readonly TakenDelivery[], askedAt: ClockReading): MessageLease;
  /** A send is over. Returns true if the caller has to settle; otherwise a settling that runs includes it. */
  finish(send: FinishedSend): boolean;
  /** The sends to settle next; none ends the settling. */
  nextFinished(): FinishedSend[];
  /** Removes a message whose send failed by a fault of this program; its leases expire. */
  abandon(lease: MessageLease): void;
  /** Removes finished deliveries, now that they are settled. */
  remove(deliveries: number): void;
  /** Resolves when the condition holds, checked after each removal, or after `mostMs`. */
  until(condition: () => boolean, mostMs: number): Promise<void>;
  /** Resolves when nothing is in flight. */
  settled(): Promise<void>;
}

export interface InFlightDeps {
  /** Returns the ids of the attempts whose leases are renewed. */
  renewLeases(attempts: readonly RunningAttempt[]): Promise<readonly string[]>;
  readClocks: ReadClocks;
  onError(error: unknown): void;
}

export function createInFlight({ renewLeases, readClocks, onError }: InFlightDeps): InFlight {
  const leases = new Set<MessageLease>();
  let sending = 0;
  const changes = createChanges();
  let count = 0;
  let finished: FinishedSend[] = [];
  let settling = false;
  let renewing: NodeJS.Timeout | undefined;

  /** A sent delivery keeps its lease until it is settled, so that no other worker sends it again. */
  async function renew(): Promise<void> {
    const held = [...leases, ...finished.map(({ lease }) => lease)];
    if (held.length === 0) return;
    const askedAt = readClocks();
    const renewed = new Set(await renewLeases(held.flatMap(({ attempts }) => attempts)));
    for (const lease of held) lease.renew(askedAt, renewed);
  }

  function stopSending(lease: MessageLease): void {
    leases.delete(lease);
    sending -= lease.deliveries.length;
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
      return sending;
    },
    add(message, askedAt) {
      const lease = new MessageLease(message, askedAt, readClocks);
      leases.add(lease);
      sending += message.length;
      count += message.length;
      renewing ??= setInterval(() => void renew().catch(onError), RENEW_LEASES_EVERY_MS);
      return lease;
    },
    finish(send) {
      stopSending(send.lease);
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
    abandon(lease) {
      stopSending(lease);
      remove(lease.deliveries.length);
    },
    remove,
    until: changes.until,
    settled: () => changes.until(() => count === 0),
  };
}
