import { durationMs, type Endpoint } from '#libs/contracts';
import type { Snapshot, SnapshotInput } from '../fields/index.js';
import { snapshotOf, unreadableSnapshotOf } from '../fields/snapshot-of.js';
import { type ChannelKind, defaultRateLimit } from '../kinds/channel-kinds.js';
import { type EndpointFields, endpointFields } from './schemas.js';

/** The stored fields that delivery uses, and the rate limit. */
export type UsableFields = SnapshotInput<EndpointFields> & { rateLimit: { max: number; per: string } | null };

/** Fails to compile if `Endpoint` of the contracts and the declaration differ: the error names the field. */
type Undeclared = Exclude<keyof Omit<Endpoint, 'unreadable'>, keyof Snapshot<EndpointFields>>;
type NotInContracts = Exclude<keyof Snapshot<EndpointFields>, keyof Endpoint>;
const _same: [Undeclared, NotInContracts] extends [never, never] ? true : [Undeclared, NotInContracts] = true;

/** The endpoint as the delivery side uses it; `config` is in clear and as its channel reads it. */
export function usableEndpoint(fields: UsableFields, kind: ChannelKind, config: Record<string, unknown>): Endpoint {
  const rateLimit = fields.rateLimit ?? defaultRateLimit(kind);
  return snapshotOf(endpointFields, fields, {
    config,
    rateLimit: rateLimit && { max: rateLimit.max, perMs: durationMs(rateLimit.per) },
  });
}

/** An endpoint whose settings cannot be read: known by name, and disabled. */
export const unusableEndpoint = (fields: UsableFields): Endpoint => unreadableSnapshotOf(endpointFields, fields);
