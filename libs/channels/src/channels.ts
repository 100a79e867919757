import type { Channel } from './channel.js';
import * as registry from './registry.js';

/** By the names under which they are registered. */
export const channels: readonly Channel[] = Object.values(registry);

const byType = new Map(channels.map((channel) => [channel.type, channel]));

/** The channel of an endpoint; undefined where there is none of that name. */
export function channelByType(type: string): Channel | undefined {
  return byType.get(type);
}
