/**
 * The in-flight lease: a worker's hold on a delivery being sent, in milliseconds. A worker renews the leases of its
 * sends in time; after the death of a worker its deliveries are taken again when their leases expire.
 */
export const IN_FLIGHT_LEASE_MS = 12_000;
