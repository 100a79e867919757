import type { Channel, Target } from '#libs/channels';
import type { CancelReason, Endpoint, Settings, SettingsSource } from '#libs/contracts';
import type { EndpointInfo, TargetRef } from '#libs/mailbox';
import { parseTargetName } from '#libs/mailbox';
import { fallbackIdOf } from '../fallback/choose-fallback.js';
import { carriedWithin, gatherRateLimits, meterOfTarget, type RateLimits } from '../rate/rate-limits.js';
import type { Metered } from '../rate/rates.js';

interface Found {
  /** The endpoint as the delivery log names it; undefined without settings, and the mailbox has it. */
  endpointInfo: EndpointInfo | undefined;
  pushPeriodMs: number;
  /** Age at which a delivery expires. */
  expireAfterMs: number;
  /** Id of the endpoint that takes dead deliveries over; empty without one. */
  fallback: string;
  /** Version of the settings that were read: the endpoint's and the rate limits it shares; empty without settings. */
  seen: string;
}

/** The rules of an endpoint without settings. */
export const GONE = {
  endpointInfo: undefined,
  pushPeriodMs: 0,
  expireAfterMs: Number.MAX_SAFE_INTEGER,
  fallback: '',
  seen: '',
};

/** The endpoint and target of a turn. A closed one takes no deliveries any more: those that wait are cancelled. */
export type Destination = Found &
  (
    | {
        open: true;
        endpoint: Endpoint;
        channel: Channel;
        target: Target;
        metered: Metered;
        /** Above this many deliverable deliveries digests are sent; 0: never. */
        digestOver: number;
      }
    | { open: false; reason: CancelReason }
  );

export type OpenDestination = Extract<Destination, { open: true }>;

export interface Destinations {
  /**
   * Finds a destination in the settings. Before one counts as closed the settings are reloaded, because another process
   * may have accepted events to an endpoint that this one does not know yet.
   * @throws Error if the settings of the endpoint cannot be read
   */
  find(ref: TargetRef): Promise<Destination>;
  /** The version of the endpoint's settings that this process knows; it differs after every change. */
  seen(ref: TargetRef): string;
}

/** An endpoint whose settings exist and cannot be read by this process. */
export class EndpointUnreadable extends Error {
  constructor(name: string, why: string) {
    super(`the settings of endpoint ${name} cannot be read: ${why}`);
    this.name = 'EndpointUnreadable';
  }
}

export function createDestinations(
  settings: SettingsSource,
  channelOf: (type: string) => Channel | undefined,
): Destinations {
  const limitsOf = onePerVersion((known) => gatherRateLimits(known, channelOf));

  function look(ref: TargetRef): Destination {
    const { endpointId, targetId } = parseTargetName(ref.target);
    const known = settings.current();
    const endpoint = known?.endpoints.get(endpointId);
    if (!known || !endpoint) return { ...GONE, open: false, reason: 'endpoint deleted' };
    if (endpoint.unreadable !== undefined) throw new EndpointUnreadable(endpoint.name, endpoint.unreadable);
    const { name: endpointName, team, pushPeriodMs, expireAfterMs } = endpoint;
    const endpointInfo = { endpointId, endpointName, team, channel: ref.channel, target: targetId };
    const fallback = fallbackIdOf(endpoint, known);
    const found = { endpointInfo, pushPeriodMs, expireAfterMs, fallback, seen: endpoint.updatedAt };
    if (!endpoint.enabled) return { ...found, open: false, reason: 'endpoint disabled' };
    const channel = channelOf(endpoint.channel);
    if (!channel) throw new EndpointUnreadable(endpointName, `this version has no channel ${endpoint.channel}`);
    const target = targetsOf(channel, endpoint).find(({ id }) => id === targetId);
    if (!target) return { ...found, open: false, reason: 'target removed' };
    const meter = meterOfTarget(endpoint, target);
    const metered = { meter, limits: limitsOf(known).of(meter) };
    const seen = [found.seen, ...metered.limits.map(({ max, perMs }) => `${max}/${perMs}`)].join(' ');
    return {
      ...found,
      seen,
      open: true,
      endpoint,
      channel,
      target,
      metered,
      digestOver: digestOver(endpoint, channel, metered),
      endpointInfo: { ...endpointInfo, target: target.label },
    };
  }

  function seen(ref: TargetRef): string {
    try {
      return look(ref).seen;
    } catch {
      return settings.current()?.endpoints.get(parseTargetName(ref.target).endpointId)?.updatedAt ?? '';
    }
  }

  return {
    async find(ref) {
      const known = look(ref);
      if (known.open) return known;
      await settings.refresh();
      return look(ref);
    },
    seen,
  };
}

const targetsOfConfig = new WeakMap<Endpoint['config'], readonly Target[]>();

/** Cached for each config object: it is needed for every settlement, and hashing addresses is expensive. */
function targetsOf(channel: Channel, { config }: Endpoint): readonly Target[] {
  const targets = targetsOfConfig.get(config) ?? channel.targets(config);
  targetsOfConfig.set(config, targets);
  return targets;
}

/** The most deliveries that the rate carries in the endpoint's digest time; 0 without limits or digests. */
function digestOver({ digestAfterMs }: Endpoint, { digests }: Channel, { limits }: Metered): number {
  return digests && digestAfterMs > 0 && limits.length > 0 ? carriedWithin(limits, digestAfterMs) : 0;
}

function onePerVersion(gather: (settings: Settings) => RateLimits): (settings: Settings) => RateLimits {
  let known: { settings: Settings; limits: RateLimits } | undefined;
  return (settings) => {
    if (known?.settings !== settings) known = { settings, limits: gather(settings) };
    return known.limits;
  };
}
