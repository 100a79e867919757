import { LeaseExpired } from '#libs/network';

/** The worker's hold on the deliveries of a message. */
export interface SendLease {
  /** Whether the message may be sent at this moment. */
  readonly isHeld: boolean;
}

/** Admits the writes of one message while its lease holds, and remembers a refusal. */
export interface WriteGate {
  isOpen(): boolean;
  /** @throws {LeaseExpired} */
  beforeWrite(): void;
  /** Whether a write was refused. Channels report it in various ways, so their outcome does not count then. */
  hasRefused(): boolean;
}

export function createWriteGate(lease: SendLease): WriteGate {
  let refused = false;
  return {
    isOpen: () => lease.isHeld,
    beforeWrite() {
      if (lease.isHeld) return;
      refused = true;
      throw new LeaseExpired();
    },
    hasRefused: () => refused,
  };
}
