import type { Outcome } from '#libs/contracts';
import { type ChannelIo, defineChannel } from '../channel.js';
import {
  addressId,
  apiBase,
  CALL_MS,
  CALLS_WITH_TOKEN_MS,
  postMessage,
  READABLE_TEMPLATE,
  redactSecrets,
  requestToken,
  robotOf,
  robotTargets,
  sendWithToken,
  webhookVia,
} from '../kit/index.js';
import { DINGTALK, TOKEN_REFUSED } from './codes.js';
import { type DingtalkApp, dingtalkConfig, PUBLIC_URL, ROBOT } from './config.js';
import { signedUrl } from './signature.js';
import { appMessage, CHAT_CONTENT_MAX, ROBOT_CONTENT_MAX, robotBody, TITLE_MAX } from './text.js';

/** Sends messages to groups, by their robots or by an app that has created them. */
export const dingtalk = defineChannel({
  type: 'dingtalk',
  label: 'DingTalk',
  readBy: 'people',
  digests: true,
  escaping: 'markdown',
  config: dingtalkConfig,
  template: READABLE_TEMPLATE,
  limits: {
    // The limit of a robot for each minute; exceeding it blocks the robot for ten minutes.
    rate: { max: 20, per: '1m' },
    title: TITLE_MAX,
    content: ROBOT_CONTENT_MAX,
    documentedAt: 'https://open.dingtalk.com/document/orgapp/custom-robot-access',
  },
  targets: ({ app, robots = [], apiUrl }) => [
    ...(app ? chatTargets(app, apiBase(apiUrl, PUBLIC_URL)) : []),
    ...robotTargets(robots, ROBOT, apiUrl),
  ],
  timeoutMs: ({ app }) => (app ? CALLS_WITH_TOKEN_MS : CALL_MS),

  async send(message, { config, target }, io): Promise<Outcome> {
    const { app, robots = [], apiUrl } = config;
    const chatId = app?.chatIds.find((id) => chatTargetId(id) === target.id);
    if (app && chatId !== undefined)
      return sendToChat(appMessage(message), chatId, app, apiBase(apiUrl, PUBLIC_URL), io);
    const { webhookUrl, keywords, secret } = robotOf(target, robots, ROBOT);
    const url = webhookVia(webhookUrl, apiUrl, [PUBLIC_URL]);
    const signed = secret === undefined ? url : signedUrl(url, secret, io.now());
    const outcome = await postMessage(io, signed, robotBody(message, keywords), DINGTALK);
    return redactSecrets(outcome, [ROBOT.keyOf(webhookUrl)]);
  },
});

const chatTargetId = (chatId: string): string => addressId('chat', chatId);

const chatTargets = ({ appKey, appSecret, chatIds }: DingtalkApp, base: string) =>
  chatIds.map((chatId) => ({
    id: chatTargetId(chatId),
    label: `chat ${chatId}`,
    content: CHAT_CONTENT_MAX,
    credential: addressId('chat', `${base} ${appKey} ${appSecret} ${chatId}`),
  }));

/** https://open.dingtalk.com/document/orgapp/send-group-messages */
function sendToChat(
  msg: object,
  chatid: string,
  { appKey, appSecret }: DingtalkApp,
  base: string,
  io: ChannelIo,
): Promise<Outcome> {
  const tokenQuery = new URLSearchParams({ appkey: appKey, appsecret: appSecret });
  const body = JSON.stringify({ chatid, msg });
  return sendWithToken(io, {
    credential: `dingtalk ${base} ${appKey} ${appSecret}`,
    issue: () => requestToken(io, `${base}/gettoken?${tokenQuery}`, DINGTALK),
    isRefused: ({ code = '' }) => TOKEN_REFUSED.includes(code),
    send: (token) =>
      postMessage(io, `${base}/chat/send?${new URLSearchParams({ access_token: token })}`, body, DINGTALK),
  });
}
