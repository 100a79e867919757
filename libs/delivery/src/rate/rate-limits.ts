import type { Channel, Target } from '#libs/channels';
import { durationMs, type Endpoint, type Settings } from '#libs/contracts';
import { targetName } from '#libs/mailbox';
import { meterOf, type RateLimit } from './rates.js';

/** Which limits hold for whom. */
export interface RateLimits {
  /** The limits of all enabled endpoints that use the same credential: the lowest wins by all being kept. */
  of(meter: string): readonly RateLimit[];
}

/** What a target's sends are counted under; an address without a credential that others share is counted alone. */
export function meterOfTarget(
  endpoint: Endpoint,
  { id, credential, credentialIsPublic }: Omit<Target, 'label'>,
): string {
  if (credential === undefined) return meterOf(endpoint.channel, targetName(endpoint.id, id));
  return meterOf(endpoint.channel, credentialIsPublic ? `${endpoint.team}\n${credential}` : credential);
}

/** How many sends fit into a time; without limits there is no end of them. */
export function carriedWithin(limits: readonly RateLimit[], ms: number): number {
  return Math.min(...limits.map(({ max, perMs }) => Math.max(1, Math.floor((max * ms) / perMs))));
}

/** Done once a version of the settings. */
export function gatherRateLimits(settings: Settings, channelOf: (type: string) => Channel | undefined): RateLimits {
  const byMeter = new Map<string, Map<string, RateLimit>>();
  for (const endpoint of settings.endpoints.values()) {
    const { rateLimit } = endpoint;
    if (!rateLimit || !endpoint.enabled || endpoint.unreadable !== undefined) continue;
    const channel = channelOf(endpoint.channel);
    const own = [rateLimit, ...burstOf(channel, rateLimit)];
    for (const target of channel?.targets(endpoint.config) ?? []) {
      const meter = meterOfTarget(endpoint, target);
      const limits = byMeter.get(meter) ?? new Map<string, RateLimit>();
      for (const limit of own) limits.set(`${limit.max}/${limit.perMs}`, limit);
      byMeter.set(meter, limits);
    }
  }
  const limitsOf = new Map([...byMeter].map(([meter, limits]) => [meter, inOrder([...limits.values()])]));
  return { of: (meter) => limitsOf.get(meter) ?? [] };
}

/**
 * What the provider takes in a short time: who sends more is refused for far longer than that. An endpoint that allows more
 * than the provider documents leads to one that takes more.
 */
function burstOf(channel: Channel | undefined, { max, perMs }: RateLimit): RateLimit[] {
  const { rate, burst } = channel?.limits ?? {};
  if (!rate || !burst || max / perMs > rate.max / durationMs(rate.per)) return [];
  return [{ max: burst.max, perMs: durationMs(burst.per) }];
}

/** The same limits are to look the same in whatever order the endpoints were read. */
const inOrder = (limits: RateLimit[]): RateLimit[] => limits.sort((a, b) => a.perMs - b.perMs || a.max - b.max);
