import type { z } from 'zod';
import type { Channel, Platform } from '#libs/channels';

/** What of a channel settings depend on; the channels' own library has them. */
export interface ChannelKind {
  readonly type: string;
  /** Reading what it has made once more must give the same: what is stored is what it made of the input. */
  readonly config: z.ZodType;
  /** What is wrong with a config although it fits its schema. */
  problems?(config: Record<string, unknown>): { path: readonly string[]; message: string }[];
  readonly limits: { readonly rate: { readonly max: number; readonly per: string } | null };
}

export interface ChannelKinds {
  readonly types: readonly string[];
  find(type: string): ChannelKind | undefined;
}

/** @param platform what endpoints may leave to the installation */
export function createChannelKinds(channels: readonly Channel[], platform: Platform): ChannelKinds {
  const byType = new Map(
    channels.map(({ type, config, limits, problems }): [string, ChannelKind] => [
      type,
      { type, config, limits, problems: (read) => problems?.(read, platform) ?? [] },
    ]),
  );
  return { types: [...byType.keys()], find: (type) => byType.get(type) };
}

/** What an endpoint is held to that names no rate of its own: nine tenths of what the provider takes. */
export function defaultRateLimit(kind: Pick<ChannelKind, 'limits'> | undefined): { max: number; per: string } | null {
  const rate = kind?.limits.rate;
  return rate ? { max: Math.max(1, Math.floor(rate.max * 0.9)), per: rate.per } : null;
}
