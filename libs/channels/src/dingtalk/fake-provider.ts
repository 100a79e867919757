import { createHmac } from 'node:crypto';
import { createAnswerScript } from '../../test/answer-script.js';
import type { Situation } from '../../test/channel-suite.js';
import {
  type ApiAnswer,
  type ApiCall,
  createTokenDesk,
  type FakeApi,
  shownOf,
  startFakeApi,
  textField,
} from '../../test/fake-api.js';
import { TEST_NOW } from '../../test/test-io.js';

const APP_KEY = 'dingabcdefghijklmnop';
const APP_SECRET = 'app-secret-0123456789-abcdefghijklmnop';
const CHAT_ID = 'chat6a93bc1ee3b7d660d372b1b877a9de62';
export const ROBOT_TOKEN = 'f3a1c9e07d5b48e2a6b0';
export const ROBOT_SECRET = 'SEC000000000000000000000000000000000000000000000000000000000000test';
const KEYWORD = '告警平台';
const HOUR_MS = 3_600_000;

const UNLIMITED = { max: Number.POSITIVE_INFINITY, perMs: 0 };
const OK = { errcode: 0, errmsg: 'ok' };

const ANSWERS: Readonly<Partial<Record<Situation, object>>> = {
  delivered: OK,
  rejected: { errcode: 430104, errmsg: `the content is not appropriate ${ROBOT_TOKEN}` },
  misconfigured: { errcode: 400102, errmsg: `robot ${ROBOT_TOKEN} is stopped ${ROBOT_SECRET} ${APP_SECRET}` },
  throttled: {
    status: 1111,
    wait: 5,
    source: 'x5',
    punish: 'deny',
    errcode: 130101,
    errmsg: 'send too fast, exceed 20 times per minute',
  },
  unavailable: { errcode: -1, errmsg: '系统繁忙' },
};

/**
 * Starts a fake DingTalk, by https://open.dingtalk.com/document/orgapp/custom-robot-access (robots) and
 * https://open.dingtalk.com/document/orgapp/send-group-messages (apps). By default it uses the time of tests and has no
 * rate limit.
 */
export async function startFakeDingtalk({ now = () => TEST_NOW.getTime(), limit = UNLIMITED } = {}) {
  const tokens = createTokenDesk();
  const shown: string[] = [];
  const acceptedAt: number[] = [];
  let throttled = 0;
  const script = createAnswerScript<object>(ANSWERS, OK);

  function accept(markdown: unknown, body: { bytes: number; max: number }, api: FakeApi): ApiAnswer {
    const text = textField(markdown, 'text', api);
    const title = textField(markdown, 'title', api);
    if (Buffer.byteLength(title) > 64) api.complain(`a title of ${Buffer.byteLength(title)} bytes`);
    if (body.bytes > body.max) api.complain(`${body.bytes} bytes, the limit is ${body.max}`);
    const answer = script.toMessage();
    if (answer === 'hang') return answer;
    if (acceptedAt.filter((at) => at > now() - limit.perMs).length >= limit.max) {
      throttled += 1;
      return { json: ANSWERS.throttled ?? {} };
    }
    acceptedAt.push(now());
    if (answer === OK) shown.push(shownOf(text, api, [`\n\n###### ${KEYWORD}`]));
    return { json: answer };
  }

  function sendToChat({ url, json }: ApiCall, api: FakeApi): ApiAnswer {
    const token = url.searchParams.get('access_token');
    const state = tokens.state(token);
    if (state === 'missing') return { json: { errcode: 40014, errmsg: '不合法的access_token' } };
    if (state !== 'good') {
      const [code, why] = state === 'wrong' ? ['40014', '不合法的access_token'] : ['42001', 'access_token已过期'];
      const errmsg = `ding talk error[subcode=${code},submsg=${why}]`;
      return { json: { errcode: 88, sub_code: code, sub_msg: `${why} ${token}`, errmsg, request_id: '5imjny7u9xwa' } };
    }
    if (textField(json, 'chatid', api) !== CHAT_ID) return { json: { errcode: 34013, errmsg: '找不到群会话对象' } };
    const msg = json.msg as { msgtype?: unknown; markdown?: unknown } | undefined;
    if (msg?.msgtype !== 'markdown') api.complain(`a message of type ${msg?.msgtype}`);
    return accept(msg?.markdown, { bytes: Buffer.byteLength(textField(msg?.markdown, 'text', api)), max: 5_000 }, api);
  }

  function sendToRobot({ url, json, body }: ApiCall, api: FakeApi): ApiAnswer {
    if (url.searchParams.get('access_token') !== ROBOT_TOKEN) {
      return { json: { errcode: 300005, errmsg: `token ${url.searchParams.get('access_token')} is not exist` } };
    }
    if (Math.abs(now() - Number(url.searchParams.get('timestamp'))) > HOUR_MS) {
      return { json: { errcode: 310000, errmsg: 'invalid timestamp, more: [https://ding-doc.dingtalk.com/doc]' } };
    }
    if (!isSigned(url)) {
      api.complain(`a wrong signature: ${url.search}`);
      return { json: { errcode: 310000, errmsg: 'sign not match, more: [https://ding-doc.dingtalk.com/doc]' } };
    }
    if (json.msgtype !== 'markdown') api.complain(`a message of type ${json.msgtype}`);
    if (/"isAtAll":true|"at(?:Mobiles|UserIds)":\[[^\]]/.test(JSON.stringify(json.at ?? {}))) api.complain('a mention');
    if (!JSON.stringify(json.markdown).includes(KEYWORD)) {
      api.complain('no keyword');
      return {
        json: { errcode: 310000, errmsg: 'keywords not in content, more: [https://ding-doc.dingtalk.com/doc]' },
      };
    }
    return accept(json.markdown, { bytes: Buffer.byteLength(body), max: 20_000 }, api);
  }

  function issueToken({ url }: ApiCall): ApiAnswer {
    const answer = script.toTokenRequest();
    if (answer) return answer === 'hang' ? answer : { json: answer };
    if (url.searchParams.get('appkey') !== APP_KEY || url.searchParams.get('appsecret') !== APP_SECRET) {
      return { json: { errcode: 40096, errmsg: `不合法的appKey或appSecret ${url.searchParams.get('appsecret')}` } };
    }
    return { json: { ...OK, access_token: tokens.issue(), expires_in: 7_200 } };
  }

  const api = await startFakeApi((call, to) => {
    const path = `${call.method} ${call.url.pathname}`;
    if (path === 'GET /gettoken') return issueToken(call);
    if (path === 'POST /chat/send') return sendToChat(call, to);
    if (path === 'POST /robot/send') return sendToRobot(call, to);
    to.complain(`unknown path ${path}`);
    return { status: 404, json: {} };
  });

  return {
    config: {
      app: { appKey: APP_KEY, appSecret: APP_SECRET, chatIds: [CHAT_ID] },
      robots: [
        { webhookUrl: `${api.url}/robot/send?access_token=${ROBOT_TOKEN}`, keywords: [KEYWORD], secret: ROBOT_SECRET },
      ],
      apiUrl: api.url,
    },
    url: api.url,
    tokens,
    shown,
    /** The number of messages refused by the rate limit. */
    get throttled() {
      return throttled;
    },
    complaints: api.complaints,
    ...script.direction,
    close: api.stop,
  };
}

/** Verifies the signature in the query, decoded once. */
function isSigned({ search }: URL): boolean {
  const [, timestamp = '', sign = ''] = /[?&]timestamp=(\d{13})&sign=([^&]+)$/.exec(search) ?? [];
  const mac = createHmac('sha256', ROBOT_SECRET);
  mac.update(timestamp);
  mac.update('\n');
  mac.update(ROBOT_SECRET);
  return decodeURIComponent(sign) === mac.digest().toString('base64');
}
