import type { Channel, Target } from '#libs/channels';
import { durationMs, type Endpoint, type Settings } from '#libs/contracts';
import { targetName } from '#libs/mailbox';
import { meterOf, type RateLimit } from './rates.js';

/** The rate limits of all credentials, under one version of the settings. */
export interface RateLimits {
  /** The limits of all enabled endpoints that use the credential; all hold, so the lowest decides. */
  of(meter: string): readonly RateLimit[];
}

/** The meter of a target's sends; a target without a shared credential has a meter of its own. */
export function meterOfTarget(
  endpoint: Endpoint,
  { id, credential, credentialIsPublic }: Omit<Target, 'label'>,
): string {
  if (credential === undefined) return meterOf(endpoint.channel, targetName(endpoint.id, id));
  return meterOf(endpoint.channel, credentialIsPublic ? `${endpoint.team}\n${credential}` : credential);
}

/** How many sends the limits allow within a time; Infinity without limits. */
export function carriedWithin(limits: readonly RateLimit[], ms: number): number {
  return Math.min(...limits.map(({ max, perMs }) => Math.max(1, Math.floor((max * ms) / perMs))));
}

/** Collects the limits of all endpoints; to be called once a version of the settings. */
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
 * The provider's limit of a short window, which it enforces with a much longer refusal. It does not apply to an endpoint
 * with a higher rate than the provider documents, since that provider evidently accepts more.
 */
function burstOf(channel: Channel | undefined, { max, perMs }: RateLimit): RateLimit[] {
  const { rate, burst } = channel?.limits ?? {};
  if (!rate || !burst || max / perMs > rate.max / durationMs(rate.per)) return [];
  return [{ max: burst.max, perMs: durationMs(burst.per) }];
}

/** Sorted, so that equal limits compare equal regardless of the order of the endpoints. */
const inOrder = (limits: RateLimit[]): RateLimit[] => limits.sort((a, b) => a.perMs - b.perMs || a.max - b.max);
