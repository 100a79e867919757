import type { Channel, Target } from '#libs/channels';
import type { CancelReason, Endpoint, SettingsSource } from '#libs/contracts';
import { parseTargetName } from '#libs/mailbox';
import type { About, Place } from './mailboxes.js';

interface Found {
  /** What the log says of the endpoint; undefined where its settings are gone, and the mailbox knows better. */
  about: About | undefined;
  pushPeriodMs: number;
  /** The settings of the endpoint that were looked at; empty where there are none. */
  seen: string;
}

/** Where a turn leads: to an endpoint that takes deliveries, or nowhere any more. */
export type Destination = Found &
  ({ open: true; endpoint: Endpoint; channel: Channel; target: Target } | { open: false; reason: CancelReason });

export interface Destinations {
  /**
   * Finds a destination in the settings. Before it calls one closed it reads the settings anew: this process may not
   * know yet of an endpoint to which another has already accepted events.
   * The promise rejects when the settings that would be needed cannot be read.
   */
  find(place: Place): Promise<Destination>;
  /** Which settings of the place's endpoint are known now; they change with every change. */
  seen(place: Place): string;
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
  const endpointOf = (place: Place) => settings.current()?.endpoints.get(parseTargetName(place.target).endpointId);

  function look(place: Place): Destination {
    const { endpointId, targetId } = parseTargetName(place.target);
    const endpoint = endpointOf(place);
    if (!endpoint) return { open: false, reason: 'endpoint deleted', about: undefined, pushPeriodMs: 0, seen: '' };
    if (endpoint.unreadable !== undefined) throw new EndpointUnreadable(endpoint.name, endpoint.unreadable);
    const { name: endpointName, team, pushPeriodMs, updatedAt: seen } = endpoint;
    const about = { endpointId, endpointName, team, channel: place.channel, target: targetId };
    const found = { about, pushPeriodMs, seen };
    if (!endpoint.enabled) return { ...found, open: false, reason: 'endpoint disabled' };
    const channel = channelOf(endpoint.channel);
    if (!channel) throw new EndpointUnreadable(endpointName, `the channel ${endpoint.channel} is not known here`);
    const target = channel.targets(endpoint.config).find(({ id }) => id === targetId);
    if (!target) return { ...found, open: false, reason: 'target removed' };
    return { ...found, open: true, endpoint, channel, target, about: { ...about, target: target.label } };
  }

  return {
    async find(place) {
      const known = look(place);
      if (known.open) return known;
      await settings.refresh();
      return look(place);
    },
    seen: (place) => endpointOf(place)?.updatedAt ?? '',
  };
}
