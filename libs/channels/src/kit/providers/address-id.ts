import { createHash } from 'node:crypto';

/** An id for an address that is secret or not made of letters: the same for the same, and the address is not in it. */
export const addressId = (kind: string, address: string): string =>
  `${kind}-${createHash('sha256').update(address).digest('hex').slice(0, 24)}`;
