import { createHash } from 'node:crypto';

/** A stable id for an address that is secret or has other characters than letters; a hash, so it reveals nothing. */
export const addressId = (kind: string, address: string): string =>
  `${kind}-${createHash('sha256').update(address).digest('hex').slice(0, 24)}`;
