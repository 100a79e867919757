import type { z } from 'zod';
import type { Channel, Platform } from '#libs/channels';

/** The part of a channel that settings depend on; the library of the channels has the whole. */
export interface ChannelKind {
  readonly type: string;
  /** Schema of the config. Its output is stored, so parsing the output again must return the same. */
  readonly config: z.ZodType;
  /** Problems of a config that its schema cannot express. */
  problems?(config: Record<string, unknown>): { path: readonly string[]; message: string }[];
  readonly limits: { readonly rate: { readonly max: number; readonly per: string } | null };
}

export interface ChannelKinds {
  readonly types: readonly string[];
  find(type: string): ChannelKind | undefined;
}

/** @param platform settings of the installation that endpoints may use */
export function createChannelKinds(channels: readonly Channel[], platform: Platform): ChannelKinds {
  const byType = new Map(
    channels.map(({ type, config, limits, problems }): [string, ChannelKind] => [
      type,
      { type, config, limits, problems: (read) => problems?.(read, platform) ?? [] },
    ]),
  );
  return { types: [...byType.keys()], find: (type) => byType.get(type) };
}

/** Rate limit of an endpoint that sets none: nine tenths of the provider's limit. */
export function defaultRateLimit(kind: Pick<ChannelKind, 'limits'> | undefined): { max: number; per: string } | null {
  const rate = kind?.limits.rate;
  return rate ? { max: Math.max(1, Math.floor(rate.max * 0.9)), per: rate.per } : null;
}
