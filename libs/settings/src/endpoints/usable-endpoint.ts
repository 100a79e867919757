import { durationMs, type Endpoint, type Level } from '#libs/contracts';
import { type ChannelKind, defaultRateLimit } from './channel-kinds.js';

/** What an endpoint is made of, stored or not: durations as they are written. */
export interface EndpointFields {
  id: string;
  name: string;
  team: string;
  channel: string;
  enabled: boolean;
  levels: readonly Level[];
  pushPeriod: string;
  maxPushes: number;
  pushOnEscalation: boolean;
  periodAcrossRecovery: boolean;
  rateLimit: { max: number; per: string } | null;
  expireAfter: string;
  digestAfter: string;
  template: { title?: string; content?: string };
  fallback: string | null;
  updatedAt: Date;
}

/** The endpoint as the delivery side uses it; `config` is in clear and as its channel reads it. */
export function usableEndpoint(fields: EndpointFields, kind: ChannelKind, config: Record<string, unknown>): Endpoint {
  const rateLimit = fields.rateLimit ?? defaultRateLimit(kind);
  return {
    ...unusableEndpoint(fields),
    enabled: fields.enabled,
    config,
    pushPeriodMs: durationMs(fields.pushPeriod),
    rateLimit: rateLimit && { max: rateLimit.max, perMs: durationMs(rateLimit.per) },
    expireAfterMs: durationMs(fields.expireAfter),
    digestAfterMs: durationMs(fields.digestAfter),
  };
}

/** What stands for an endpoint whose settings cannot be read: known by name, and disabled. */
export function unusableEndpoint(fields: EndpointFields): Endpoint {
  const { id, name, team, channel, levels, maxPushes, pushOnEscalation, periodAcrossRecovery } = fields;
  return {
    id,
    name,
    team,
    channel,
    enabled: false,
    config: {},
    levels,
    pushPeriodMs: 0,
    maxPushes,
    pushOnEscalation,
    periodAcrossRecovery,
    rateLimit: null,
    expireAfterMs: 0,
    digestAfterMs: 0,
    template: fields.template,
    fallback: fields.fallback,
    updatedAt: fields.updatedAt.toISOString(),
  };
}
