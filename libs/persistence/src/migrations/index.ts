import { Settings1763600000000 } from './1763600000000-settings.js';
import { DeliveryLog1763600001000 } from './1763600001000-delivery-log.js';
import { FallbackAndReplay1763600002000 } from './1763600002000-fallback-and-replay.js';
import { Digests1763600003000 } from './1763600003000-digests.js';
import { BoundSecrets1763600004000 } from './1763600004000-bound-secrets.js';
import { FiringNotDelivered1763600005000 } from './1763600005000-firing-not-delivered.js';

/** In order; a migration that has been released is never changed. */
export const MIGRATIONS = [
  Settings1763600000000,
  DeliveryLog1763600001000,
  FallbackAndReplay1763600002000,
  Digests1763600003000,
  BoundSecrets1763600004000,
  FiringNotDelivered1763600005000,
];
