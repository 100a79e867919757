import type { Channel } from '#libs/channels';
import type { Endpoint, Settings, SettingsSource } from '#libs/contracts';
import type { Mailboxes, Place, TurnQueues } from '#libs/delivery';
import { targetName } from '#libs/mailbox';

/**
 * Settings apply to what is queued already: when an endpoint has changed, its sleeping turns look again.
 * @returns how to stop
 */
export function rouseOnChange(
  settings: SettingsSource,
  channelOf: (type: string) => Channel | undefined,
  mailboxes: Mailboxes,
  queues: TurnQueues,
  onError: (error: unknown) => void,
): () => void {
  const placesOf = (endpoint: Endpoint): Place[] =>
    (channelOf(endpoint.channel)?.targets(endpoint.config) ?? []).map((target) => ({
      channel: endpoint.channel,
      target: targetName(endpoint.id, target.id),
    }));
  return settings.onChange((now, before) => {
    if (!before) return;
    const changed = changedEndpoints(now, before).flatMap(placesOf);
    const places = new Map(changed.map((place) => [`${place.channel}/${place.target}`, place]));
    void (async () => {
      for (const place of places.values()) await queues.wake(await mailboxes.rouse(place));
    })().catch(onError);
  });
}

/** Endpoints as they were and as they are, wherever the two differ. */
function changedEndpoints(now: Settings, before: Settings): Endpoint[] {
  const changed: Endpoint[] = [];
  for (const [id, was] of before.endpoints) {
    const is = now.endpoints.get(id);
    if (is === was || is?.updatedAt === was.updatedAt) continue;
    changed.push(was, ...(is ? [is] : []));
  }
  return changed;
}
