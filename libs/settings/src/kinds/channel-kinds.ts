import type { z } from 'zod';
import type { Channel, Platform } from '#libs/channels';

/** The part of a channel that settings depend on. */
export interface ChannelKind {
  readonly type: string;
  /** Its result is stored and parsed again, so parsing it again must return the same. */
  readonly config: z.ZodType;
  /** Returns problems of a config that its schema accepts. */
  problems?(config: Record<string, unknown>): { path: readonly string[]; message: string }[];
  readonly limits: { readonly rate: { readonly max: number; readonly per: string } | null };
}

export interface ChannelKinds {
  readonly types: readonly string[];
  find(type: string): ChannelKind | undefined;
}

/** @param platform settings of the installation that endpoints may leave out */
export function createChannelKinds(channels: readonly Channel[], platform: Platform): ChannelKinds {
  const byType = new Map(
    channels.map(({ type, config, limits, problems }): [string, ChannelKind] => [
      type,
      { type, config, limits, problems: (read) => problems?.(read, platform) ?? [] },
    ]),
  );
  return { types: [...byType.keys()], find: (type) => byType.get(type) };
}

/** The rate limit of endpoints without their own: nine tenths of the provider's. */
export function defaultRateLimit(kind: Pick<ChannelKind, 'limits'> | undefined): { max: number; per: string } | null {
  const rate = kind?.limits.rate;
  return rate ? { max: Math.max(1, Math.floor(rate.max * 0.9)), per: rate.per } : null;
}
