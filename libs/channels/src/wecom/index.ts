import type { Language, Outcome, TextLimit } from '#libs/contracts';
import { defineChannel, type Message } from '../channel.js';
import {
  addressId,
  apiBase,
  CALL_MS,
  CALLS_WITH_TOKEN_MS,
  composeWithin,
  markdownLink,
  markdownMessage,
  postMessage,
  READABLE_TEMPLATE,
  redactSecrets,
  robotOf,
  robotTargets,
  webhookVia,
} from '../kit/index.js';
import { sendByApp } from './app.js';
import { WECOM } from './codes.js';
import { PUBLIC_URL, ROBOT, type WecomApp, wecomConfig } from './config.js';

/** https://developer.work.weixin.qq.com/document/path/90236 */
const APP_BYTES_MAX = 2_048;
/** https://developer.work.weixin.qq.com/document/path/99110 */
const ROBOT_BYTES_MAX = 4_096;

const TITLE_MAX: TextLimit = { max: 200, unit: 'characters' };
/** Leaves room for a usual title in the same text, so that the last line of a digest is not cut. */
const TITLE_BYTES = 300;
const contentWithin = (bytesMax: number): TextLimit => ({ max: bytesMax - TITLE_BYTES, unit: 'bytes' });
const APP = 'app';

/** WeCom has three colours: `warning` is orange, `info` green and `comment` grey. */
const TITLE =
  '<font color="{{ "info" if level == "recovered" else ("comment" if level == "info" else "warning") }}">' +
  '[{{ level_name }}]</font> {{ title }}';

const templateIn = (lang: Language) => ({ title: TITLE, content: READABLE_TEMPLATE[lang].content });

/** Sends messages to members by an app of the company, and to groups by their robots. */
export const wecom = defineChannel({
  type: 'wecom',
  label: 'WeCom',
  readBy: 'people',
  digests: true,
  escaping: 'markdown',
  config: wecomConfig,
  template: { en: templateIn('en'), 'zh-CN': templateIn('zh-CN') },
  limits: {
    // The limit of a robot. An app may send 30 a minute to a member; WeCom drops further ones without an error.
    rate: { max: 20, per: '1m' },
    title: TITLE_MAX,
    content: contentWithin(ROBOT_BYTES_MAX),
    documentedAt: 'https://developer.work.weixin.qq.com/document/path/99110',
  },
  targets: ({ app, robots = [], apiUrl }) => [
    ...(app ? [appTarget(app, apiUrl)] : []),
    ...robotTargets(robots, ROBOT, apiUrl),
  ],
  timeoutMs: ({ app }) => (app ? CALLS_WITH_TOKEN_MS : CALL_MS),

  async send(message, { config, target }, io): Promise<Outcome> {
    const { app, robots = [], apiUrl } = config;
    if (app && target.id === APP) return sendByApp(textOf(message, APP_BYTES_MAX), app, apiUrl, io);
    const { webhookUrl } = robotOf(target, robots, ROBOT);
    const body = JSON.stringify({ msgtype: 'markdown', markdown: { content: textOf(message, ROBOT_BYTES_MAX) } });
    const outcome = await postMessage(io, webhookVia(webhookUrl, apiUrl, [PUBLIC_URL]), body, WECOM);
    return redactSecrets(outcome, [ROBOT.keyOf(webhookUrl)]);
  },
});

const appTarget = ({ corpId, agentId, secret }: WecomApp, apiUrl: string | undefined) => ({
  id: APP,
  label: `app ${agentId}`,
  content: contentWithin(APP_BYTES_MAX),
  credential: addressId('app', `${apiBase(apiUrl, PUBLIC_URL)} ${corpId} ${agentId} ${secret}`),
});

function textOf(message: Message, bytesMax: number): string {
  const parts = markdownMessage(message, TITLE_MAX);
  return composeWithin(parts.body, bytesMax, (body) =>
    [`### ${parts.title}`, body, markdownLink(parts)].filter(Boolean).join('\n'),
  );
}
