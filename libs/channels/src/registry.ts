import type { Channel } from './channel.js';
import { dingtalk } from './dingtalk/index.js';
import { email } from './email/index.js';
import { feishu } from './feishu/index.js';
import { http } from './http/index.js';
import { syslog } from './syslog/index.js';
import { wecom } from './wecom/index.js';

/** Every channel there is: adding one takes its folder, and a line here. */
const all = [http, email, syslog, wecom, dingtalk, feishu] as const;

export type ChannelType = (typeof all)[number]['type'];

export const channels: readonly Channel[] = all;

const byType = new Map(channels.map((channel) => [channel.type, channel]));

/** The channel of an endpoint; undefined where there is none of that name. */
export function channelByType(type: string): Channel | undefined {
  return byType.get(type);
}
