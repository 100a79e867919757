import type { Channel, Target } from '#libs/channels';
import { type AlertEvent, type Endpoint, type Settings, type SettingsSource, subjectEndpoint } from '#libs/contracts';

/** The fallback endpoint that takes a dead delivery over, and its targets. */
export interface Fallback {
  endpoint: Endpoint;
  targets: readonly Target[];
}

interface ChooseFallbackDeps {
  settings: SettingsSource;
  channelOf(type: string): Channel | undefined;
}

/** The id of an endpoint's fallback; empty if it has none, or a disabled one. */
export function fallbackIdOf({ fallback }: Endpoint, { endpoints }: Settings): string {
  return fallback !== null && endpoints.get(fallback)?.enabled ? fallback : '';
}

/**
 * Chooses the fallback of a dead delivery; undefined if its endpoint is gone or disabled, has no targets, or is the
 * subject of the event.
 * @throws Error if the endpoint exists and its settings cannot be read; the delivery waits
 */
export async function chooseFallback(
  id: string,
  event: AlertEvent,
  { settings, channelOf }: ChooseFallbackDeps,
): Promise<Fallback | undefined> {
  const endpoint = await findEndpoint(id, settings);
  if (!endpoint) return undefined;
  if (endpoint.unreadable !== undefined) throw new Error(`the fallback endpoint ${endpoint.name} cannot be read`);
  const targets = channelOf(endpoint.channel)?.targets(endpoint.config) ?? [];
  return targets.length > 0 && subjectEndpoint(event) !== id ? { endpoint, targets } : undefined;
}

/** Reloads the settings before the endpoint counts as gone: another process may know newer ones. */
async function findEndpoint(id: string, settings: SettingsSource): Promise<Endpoint | undefined> {
  const known = settings.current()?.endpoints.get(id);
  if (known?.enabled) return known;
  // While the database is away the known settings count. Without any, nothing is decided.
  await settings.refresh().catch((error: unknown) => {
    if (!settings.current()) throw error;
  });
  const reloaded = settings.current()?.endpoints.get(id);
  return reloaded?.enabled || reloaded?.unreadable !== undefined ? reloaded : undefined;
}
