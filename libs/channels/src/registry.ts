// All channels. A new channel needs its folder and a line here.
export { dingtalk } from './dingtalk/index.js';
export { email } from './email/index.js';
export { feishu } from './feishu/index.js';
export { http } from './http/index.js';
export { kafka } from './kafka/index.js';
export { pagerduty } from './pagerduty/index.js';
export { slack } from './slack/index.js';
export { syslog } from './syslog/index.js';
export { wecom } from './wecom/index.js';
