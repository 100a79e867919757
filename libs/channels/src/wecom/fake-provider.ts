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

export const CORP_ID = 'ww1234567890abcdef';
export const SECRET = 'app-secret-0123456789-abcdefghijklmnop';
export const ROBOT_KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';
const AGENT_ID = 1_000_002;

/** An errcode with the fields of its answer. */
export interface Answer {
  errcode: number;
  errmsg: string;
  [field: string]: unknown;
}

const OK: Answer = { errcode: 0, errmsg: 'ok' };

const ANSWERS: Readonly<Partial<Record<Situation, Answer>>> = {
  delivered: OK,
  partial: { ...OK, invaliduser: 'ghost|gone', invalidparty: '7', invalidtag: '', unlicenseduser: 'guest' },
  rejected: { errcode: 40058, errmsg: 'invalid Request Parameter, hint: [1579]' },
  misconfigured: {
    errcode: 60020,
    errmsg: `not allow to access from your ip, hint: [1665631550347282], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e=60020 ${ROBOT_KEY} ${SECRET}`,
  },
  throttled: { errcode: 45009, errmsg: 'api freq out of limit, hint: [1579]' },
  unavailable: { errcode: -1, errmsg: 'system error' },
};

/**
 * Starts a fake WeCom, by https://developer.work.weixin.qq.com/document/path/91039 (tokens), 90236 (apps), 99110
 * (robots).
 */
export async function startFakeWecom() {
  const tokens = createTokenDesk();
  const shown: string[] = [];
  const refusedAsTokens: string[] = [];
  const script = createAnswerScript(ANSWERS, OK);

  function accept(markdown: unknown, bytesMax: number, api: FakeApi): ApiAnswer {
    const content = textField(markdown, 'content', api);
    const bytes = Buffer.byteLength(content);
    if (bytes > bytesMax) api.complain(`${bytes} bytes of markdown`);
    const answer = script.toMessage();
    if (answer === 'hang') return answer;
    if (answer.errcode === 0) shown.push(shownOf(content, api));
    return { json: answer };
  }

  function sendToMembers({ url, json }: ApiCall, api: FakeApi): ApiAnswer {
    const token = url.searchParams.get('access_token');
    const state = tokens.state(token);
    if (state !== 'good') {
      refusedAsTokens.push(token ?? '');
      if (state === 'missing') return { json: { errcode: 41001, errmsg: 'access_token missing' } };
      if (state === 'wrong') return { json: { errcode: 40014, errmsg: `invalid access_token ${token}` } };
      return { json: { errcode: 42001, errmsg: `access_token expired ${token}` } };
    }
    if (json.agentid !== AGENT_ID) api.complain(`the agent id is ${JSON.stringify(json.agentid)}`);
    for (const name of ['touser', 'toparty', 'totag']) if (name in json) textField(json, name, api);
    if (textField(json, 'touser', api) !== 'zhangsan|lisi') api.complain(`to ${json.touser}`);
    if (json.msgtype !== 'markdown') api.complain(`a message of type ${json.msgtype}`);
    return accept(json.markdown, 2_048, api);
  }

  function sendToGroup({ url, json }: ApiCall, api: FakeApi): ApiAnswer {
    if (url.searchParams.get('key') !== ROBOT_KEY) {
      return { json: { errcode: 93000, errmsg: `invalid webhook url, key ${url.searchParams.get('key')}` } };
    }
    if (Object.keys(json).join() !== 'msgtype,markdown') api.complain(`fields ${Object.keys(json)}`);
    return accept(json.markdown, 4_096, api);
  }

  function issueToken({ url, method }: ApiCall, api: FakeApi): ApiAnswer {
    if (method !== 'GET') api.complain(`a token request by ${method}`);
    const answer = script.toTokenRequest();
    if (answer) return answer === 'hang' ? answer : { json: answer };
    if (url.searchParams.get('corpid') !== CORP_ID) return { json: { errcode: 40013, errmsg: 'invalid corpid' } };
    const secret = url.searchParams.get('corpsecret');
    if (secret !== SECRET) return { json: { errcode: 40001, errmsg: `invalid credential ${secret}` } };
    return { json: { ...OK, access_token: tokens.issue(), expires_in: 7_200 } };
  }

  const api = await startFakeApi((call, to) => {
    const path = `${call.method} ${call.url.pathname}`;
    if (path === 'GET /cgi-bin/gettoken') return issueToken(call, to);
    if (path === 'POST /cgi-bin/message/send') return sendToMembers(call, to);
    if (path === 'POST /cgi-bin/webhook/send') return sendToGroup(call, to);
    to.complain(`unknown path ${path}`);
    return { status: 404, json: {} };
  });

  return {
    config: {
      app: {
        corpId: CORP_ID,
        agentId: AGENT_ID,
        secret: SECRET,
        toUser: ['zhangsan', 'lisi'],
        toParty: ['2'],
        toTag: [],
      },
      robots: [{ webhookUrl: `${api.url}/cgi-bin/webhook/send?key=${ROBOT_KEY}` }],
      apiUrl: api.url,
    },
    url: api.url,
    tokens,
    /** Refused tokens, oldest first. */
    refusedAsTokens,
    shown,
    complaints: api.complaints,
    ...script.direction,
    close: api.stop,
  };
}
