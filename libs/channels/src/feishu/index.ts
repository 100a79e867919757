import type { Outcome } from '#libs/contracts';
import { defineChannel } from '../channel.js';
import {
  CALL_MS,
  postMessage,
  READABLE_TEMPLATE,
  redactSecrets,
  robotOf,
  robotTargets,
  webhookVia,
} from '../kit/index.js';
import { CONTENT_MAX, cardBody, TITLE_MAX } from './card.js';
import { FEISHU } from './codes.js';
import { feishuConfig, PUBLIC_URLS, ROBOT } from './config.js';
import { signatureOf } from './signature.js';

/** Sends cards to groups by their robots, in Feishu and Lark. */
export const feishu = defineChannel({
  type: 'feishu',
  label: 'Feishu',
  readBy: 'people',
  digests: true,
  escaping: 'markdown',
  config: feishuConfig,
  template: READABLE_TEMPLATE,
  limits: {
    rate: { max: 100, per: '1m' },
    burst: { max: 5, per: '1s' },
    title: TITLE_MAX,
    content: CONTENT_MAX,
    documentedAt: 'https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot',
  },
  targets: ({ robots, apiUrl }) => robotTargets(robots, ROBOT, apiUrl),
  timeoutMs: () => CALL_MS,

  async send(message, { config, target }, io): Promise<Outcome> {
    const { webhookUrl, secret } = robotOf(target, config.robots, ROBOT);
    const body = cardBody(message, secret === undefined ? {} : signatureOf(secret, io.now()));
    const outcome = await postMessage(io, webhookVia(webhookUrl, config.apiUrl, PUBLIC_URLS), body, FEISHU);
    return redactSecrets(outcome, [ROBOT.keyOf(webhookUrl)]);
  },
});
