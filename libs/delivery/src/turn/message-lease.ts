import { IN_FLIGHT_LEASE_MS, LEASE_MARGIN_MS, type RunningAttempt, type TakenDelivery } from '#libs/mailbox';

/** A reading of both clocks of this machine, in milliseconds. */
export interface ClockReading {
  monotonic: number;
  wall: number;
}

export type ReadClocks = () => ClockReading;

export const readClocks: ReadClocks = () => ({ monotonic: performance.now(), wall: Date.now() });

/**
 * The elapsed time by the clock that advanced more: a monotonic clock stands still while the machine is suspended, and a
 * wall clock may be set back.
 */
export const elapsedMs = (since: ClockReading, now: ClockReading): number =>
  Math.max(now.monotonic - since.monotonic, now.wall - since.wall);

/** Time after a request for a lease in which the lease surely holds, in milliseconds. */
const HOLDS_MS = IN_FLIGHT_LEASE_MS - LEASE_MARGIN_MS;

/** The in-flight leases of the deliveries in one message, as far as this process knows: all of them hold, or none counts. */
export class MessageLease {
  /** The attempts that have a lease; in a digest, deliveries behind another of their key have none. */
  readonly attempts: readonly RunningAttempt[];
  private isLost = false;

  /** @param askedAt read before the leases were requested, since Redis counts from a later moment */
  constructor(
    readonly deliveries: readonly Pick<TakenDelivery, 'id' | 'attempt' | 'behind'>[],
    private askedAt: ClockReading,
    private readonly readNow: ReadClocks,
  ) {
    this.attempts = deliveries.filter(({ behind }) => !behind).map(({ id, attempt }) => ({ id, attempt }));
  }

  /** Whether every lease surely holds at this moment. */
  get isHeld(): boolean {
    return !this.isLost && elapsedMs(this.askedAt, this.readNow()) < HOLDS_MS;
  }

  /** Applies a renewal. A lease that could not be renewed belongs to another worker; later renewals do not change that. */
  renew(askedAt: ClockReading, renewed: ReadonlySet<string>): void {
    if (this.attempts.every(({ id }) => renewed.has(id))) this.askedAt = askedAt;
    else this.isLost = true;
  }
}
