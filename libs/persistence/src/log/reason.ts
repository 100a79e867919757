/**
 * The reason in today's wording. An older version wrote `its firing died` to the outcome streams, and during an upgrade
 * still writes it to the log after the migration ran.
 */
export const currentReason = (reason: string): string =>
  reason === 'its firing died' ? 'firing not delivered' : reason;
