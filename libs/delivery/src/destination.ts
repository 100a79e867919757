import type { Channel, Target } from '#libs/channels';
import type { CancelReason, Endpoint, SettingsSource } from '#libs/contracts';
import { parseTargetName } from '#libs/mailbox';
import type { About, Place } from './mailboxes.js';

/** Where a turn leads: to an endpoint that takes deliveries, or nowhere any more. */
export type Destination =
  | { open: true; endpoint: Endpoint; channel: Channel; target: Target; about: About }
  | { open: false; reason: CancelReason; about: About; pushPeriodMs: number };

export interface Destinations {
  /**
   * Finds a destination in the settings. Before it calls one closed it reads the settings anew: this process may not
   * know yet of an endpoint to which another has already accepted events.
   * The promise rejects when the settings that would be needed cannot be read.
   */
  find(place: Place): Promise<Destination>;
  /** Whether the settings have not changed the endpoint since it was found. */
  isCurrent(destination: Destination): boolean;
}

export function createDestinations(
  settings: SettingsSource,
  channelOf: (type: string) => Channel | undefined,
): Destinations {
  const look = (place: Place): Destination => {
    const { endpointId, targetId } = parseTargetName(place.target);
    const endpoint = settings.current()?.endpoints.get(endpointId);
    const about: About = {
      endpointId,
      endpointName: endpoint?.name ?? '',
      team: endpoint?.team ?? '',
      channel: place.channel,
      target: targetId,
    };
    const pushPeriodMs = endpoint?.pushPeriodMs ?? 0;
    if (!endpoint) return { open: false, reason: 'endpoint deleted', about, pushPeriodMs };
    const channel = channelOf(endpoint.channel);
    if (!channel || !endpoint.enabled) return { open: false, reason: 'endpoint disabled', about, pushPeriodMs };
    const target = channel.targets(endpoint.config).find(({ id }) => id === targetId);
    if (!target) return { open: false, reason: 'target removed', about, pushPeriodMs };
    return { open: true, endpoint, channel, target, about: { ...about, target: target.label } };
  };
  return {
    async find(place) {
      const known = look(place);
      if (known.open) return known;
      await settings.refresh();
      return look(place);
    },
    isCurrent(destination) {
      const now = settings.current()?.endpoints.get(destination.about.endpointId);
      return destination.open ? now?.updatedAt === destination.endpoint.updatedAt : now === undefined || !now.enabled;
    },
  };
}
