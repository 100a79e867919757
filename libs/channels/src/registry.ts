import type { Channel } from './channel.js';
import { email } from './email/index.js';
import { http } from './http/index.js';
import { kafka } from './kafka/index.js';
import { syslog } from './syslog/index.js';

/** Every channel there is: adding one takes its folder, and a line here. */
const all = [http, email, syslog, kafka] as const;

export type ChannelType = (typeof all)[number]['type'];

export const channels: readonly Channel[] = all;

const byType = new Map(channels.map((channel) => [channel.type, channel]));

/** The channel of an endpoint; undefined where there is none of that name. */
export function channelByType(type: string): Channel | undefined {
  return byType.get(type);
}
