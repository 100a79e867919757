/**
 * The in-flight lease: a worker's hold on a delivery being sent, in milliseconds. `turn/in-flight.ts` renews the leases of
 * a worker's sends; after the death of a worker its deliveries are taken again when their leases expire.
 */
export const IN_FLIGHT_LEASE_MS = 12_000;

/**
 * The last part of a lease in which a worker begins no send, in milliseconds: Redis counts by a clock of its own, and a
 * message leaves a moment after its lease is checked.
 */
export const LEASE_MARGIN_MS = 2_000;

/** Interval at which a worker renews its leases, in milliseconds: well below the lease. */
export const RENEW_LEASES_EVERY_MS = 4_000;
