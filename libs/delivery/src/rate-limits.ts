import type { Channel } from '#libs/channels';
import type { Endpoint, Settings } from '#libs/contracts';
import { targetName } from '#libs/mailbox';
import { meterOf, type RateLimit } from './rates.js';

/** Which limits hold for whom. */
export interface RateLimits {
  /** The limits of all enabled endpoints that use the same credential: the lowest wins by all being kept. */
  of(meter: string): readonly RateLimit[];
}

/** What a target's sends are counted under; an address without a credential that others share is counted alone. */
export const meterOfTarget = (endpoint: Endpoint, target: { id: string; credential?: string }): string =>
  meterOf(endpoint.channel, target.credential ?? targetName(endpoint.id, target.id));

/** Done once a version of the settings. */
export function gatherRateLimits(settings: Settings, channelOf: (type: string) => Channel | undefined): RateLimits {
  const byMeter = new Map<string, Map<string, RateLimit>>();
  for (const endpoint of settings.endpoints.values()) {
    const { rateLimit } = endpoint;
    if (!rateLimit || !endpoint.enabled || endpoint.unreadable !== undefined) continue;
    for (const target of channelOf(endpoint.channel)?.targets(endpoint.config) ?? []) {
      const meter = meterOfTarget(endpoint, target);
      const limits = byMeter.get(meter) ?? new Map<string, RateLimit>();
      byMeter.set(meter, limits.set(`${rateLimit.max}/${rateLimit.perMs}`, rateLimit));
    }
  }
  const limitsOf = new Map([...byMeter].map(([meter, limits]) => [meter, [...limits.values()]]));
  return { of: (meter) => limitsOf.get(meter) ?? [] };
}
