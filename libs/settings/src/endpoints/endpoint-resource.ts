import type { QueryDeepPartialEntity } from 'typeorm';
import { maskSecrets } from '#libs/channels';
import { LEVELS, type Level } from '#libs/contracts';
import type { EndpointEntity } from '../entities/index.js';
import { type ChannelKind, defaultRateLimit } from './channel-kinds.js';
import type { EndpointSettings } from './endpoint-settings.js';

/** An endpoint as it is shown: secrets masked, the rate limit that holds. */
export interface EndpointResource {
  id: string;
  name: string;
  team: string;
  channel: string;
  enabled: boolean;
  config: Record<string, unknown>;
  levels: Level[];
  pushPeriod: string;
  maxPushes: number;
  pushOnEscalation: boolean;
  periodAcrossRecovery: boolean;
  rateLimit: { max: number; per: string } | null;
  expireAfter: string;
  digestAfter: string;
  fallback: string | null;
  template: { title?: string; content?: string };
  policyCount: number;
  createdAt: string;
  updatedAt: string;
}

/** `kind` is undefined where a newer version of Tocsin stored a channel this one does not know. */
export function toResource(row: EndpointEntity, kind: ChannelKind | undefined, policyCount: number): EndpointResource {
  const { id, name, team, channel, enabled, levels, pushPeriod, maxPushes, pushOnEscalation, periodAcrossRecovery } =
    row;
  return {
    id,
    name,
    team,
    channel,
    enabled,
    // Without its schema nothing tells which of its texts are secrets.
    config: kind ? maskSecrets(kind.config, row.config) : {},
    levels,
    pushPeriod,
    maxPushes,
    pushOnEscalation,
    periodAcrossRecovery,
    rateLimit: row.rateLimit ?? defaultRateLimit(kind),
    expireAfter: row.expireAfter,
    digestAfter: row.digestAfter,
    fallback: row.fallback,
    template: row.template,
    policyCount,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/** What of a row people set, for a patch to be merged into; `config` is in clear. */
export function toSettings(row: EndpointEntity, config: Record<string, unknown>): EndpointSettings {
  const { name, team, channel, enabled, levels, pushPeriod, maxPushes, pushOnEscalation, periodAcrossRecovery } = row;
  const { rateLimit, expireAfter, digestAfter, fallback, template } = row;
  return {
    name,
    team,
    channel,
    enabled,
    config,
    levels,
    pushPeriod,
    maxPushes,
    pushOnEscalation,
    periodAcrossRecovery,
    rateLimit,
    expireAfter,
    digestAfter,
    fallback,
    template,
  };
}

/** The columns that settings fill; `config` comes sealed. */
export function toColumns(settings: EndpointSettings, config: object): QueryDeepPartialEntity<EndpointEntity> {
  const { name, channel, enabled, pushPeriod, maxPushes, pushOnEscalation, periodAcrossRecovery } = settings;
  const { rateLimit, expireAfter, digestAfter, fallback, template } = settings;
  return {
    name,
    channel,
    enabled,
    config,
    levels: LEVELS.filter((level) => settings.levels.includes(level)),
    pushPeriod,
    maxPushes,
    pushOnEscalation,
    periodAcrossRecovery,
    rateLimit,
    expireAfter,
    digestAfter,
    fallback,
    template,
  };
}
