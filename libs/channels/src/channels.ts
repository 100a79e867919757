import type { Channel } from './channel.js';
import * as registry from './registry.js';

/** All channels, in alphabetical order of their names. */
export const channels: readonly Channel[] = Object.values(registry);

const byType = new Map(channels.map((channel) => [channel.type, channel]));

/** The channel with the type; undefined if there is none. */
export function channelByType(type: string): Channel | undefined {
  return byType.get(type);
}
