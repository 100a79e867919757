import type { Channel, Target } from '#libs/channels';
import type { CancelReason, Endpoint, Settings, SettingsSource } from '#libs/contracts';
import type { EndpointInfo, TargetRef } from '#libs/mailbox';
import { parseTargetName } from '#libs/mailbox';
import { carriedWithin, gatherRateLimits, meterOfTarget, type RateLimits } from '../rate/rate-limits.js';
import type { Metered } from '../rate/rates.js';

interface Found {
  /** What the log says of the endpoint; undefined where its settings are gone, and the mailbox knows better. */
  endpointInfo: EndpointInfo | undefined;
  pushPeriodMs: number;
  /** How old a delivery may become before it is given up. */
  expireAfterMs: number;
  /** The endpoint that takes what dies here; empty where there is none. */
  fallback: string;
  /** The settings that were looked at, the endpoint's and the limits it shares; empty where there are none. */
  seen: string;
}

/** What holds where there are no settings. */
export const GONE = {
  endpointInfo: undefined,
  pushPeriodMs: 0,
  expireAfterMs: Number.MAX_SAFE_INTEGER,
  fallback: '',
  seen: '',
};

/** Where a turn leads: to an endpoint that takes deliveries, or nowhere any more. */
export type Destination = Found &
  (
    | {
        open: true;
        endpoint: Endpoint;
        channel: Channel;
        target: Target;
        metered: Metered;
        /** Where more than this can go it is told in digests; 0: never. */
        digestOver: number;
      }
    | { open: false; reason: CancelReason }
  );

export type OpenDestination = Extract<Destination, { open: true }>;

export interface Destinations {
  /**
   * Finds a destination in the settings. Before it calls one closed it reads the settings anew: this process may not
   * know yet of an endpoint to which another has already accepted events.
   * The promise rejects when the settings that would be needed cannot be read.
   */
  find(ref: TargetRef): Promise<Destination>;
  /** Which settings of the place's endpoint are known now; they change with every change. */
  seen(ref: TargetRef): string;
}

/** An endpoint whose settings are there and cannot be read by this process, for the reason given. */
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
    const fallback = known.endpoints.get(endpoint.fallback ?? '')?.enabled ? (endpoint.fallback ?? '') : '';
    const found = { endpointInfo, pushPeriodMs, expireAfterMs, fallback, seen: endpoint.updatedAt };
    if (!endpoint.enabled) return { ...found, open: false, reason: 'endpoint disabled' };
    const channel = channelOf(endpoint.channel);
    if (!channel) throw new EndpointUnreadable(endpointName, `the channel ${endpoint.channel} is not known here`);
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

const targetsKnown = new WeakMap<Endpoint['config'], readonly Target[]>();

/** Asked for with every settlement, and dear where addresses are hashed: kept for as long as the config is the same object. */
function targetsOf(channel: Channel, { config }: Endpoint): readonly Target[] {
  const targets = targetsKnown.get(config) ?? channel.targets(config);
  targetsKnown.set(config, targets);
  return targets;
}

/** Where nothing limits the rate, or each message does something by itself, all goes out alone. */
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
