import { createHmac } from 'node:crypto';
import { createAnswerScript } from '../../test/answer-script.js';
import type { Situation } from '../../test/channel-suite.js';
import { type ApiAnswer, type ApiCall, type FakeApi, shownOf, startFakeApi, textField } from '../../test/fake-api.js';
import { TEST_NOW } from '../../test/test-io.js';

export const ROBOT_ID = '2b1c7e34-0000-4bc4-97a0-0ec2sifa5aaa';
export const ROBOT_SECRET = 'robot-secret-0123456789';
const HOUR_S = 3_600;
const BODY_BYTES_MAX = 20_000;
const COLOURS = /^(blue|wathet|turquoise|green|yellow|orange|red|carmine|violet|purple|indigo|grey)$/;

/** An answer: the body, with headers and status if they matter. */
export type Answer = Exclude<ApiAnswer, 'hang'>;

const OK: Answer = { json: { code: 0, msg: 'success', data: {}, StatusCode: 0, StatusMessage: 'success' } };

const ANSWERS: Readonly<Partial<Record<Situation, Answer>>> = {
  delivered: OK,
  rejected: { json: { code: 9499, msg: 'Bad Request', data: {} } },
  misconfigured: { json: { code: 19022, msg: `Ip Not Allowed ${ROBOT_ID} ${ROBOT_SECRET}` } },
  throttled: {
    status: 429,
    headers: { 'x-ogw-ratelimit-limit': '100', 'x-ogw-ratelimit-reset': '7' },
    json: { code: 99991400, msg: 'request trigger frequency limit' },
  },
  unavailable: { status: 502, json: {} },
};

/** Starts fake robots of Feishu, by https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
export async function startFakeFeishu({ now = () => TEST_NOW.getTime() } = {}) {
  const shown: string[] = [];
  const cards: unknown[] = [];
  const script = createAnswerScript(ANSWERS, OK);

  function post({ body, json }: ApiCall, api: FakeApi): ApiAnswer {
    if (Buffer.byteLength(body) > BODY_BYTES_MAX) api.complain(`${Buffer.byteLength(body)} bytes`);
    const timestamp = textField(json, 'timestamp', api);
    if (Math.abs(now() / 1_000 - Number(timestamp)) > HOUR_S || !isSigned(timestamp, textField(json, 'sign', api))) {
      api.complain(`a wrong signature: ${JSON.stringify(json.sign)} at ${timestamp}`);
      return { json: { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' } };
    }
    if (json.msg_type !== 'interactive') api.complain(`a message of type ${json.msg_type}`);
    const answer = script.toMessage();
    if (answer === OK) {
      shown.push(readCard(json.card, api));
      cards.push(json.card);
    }
    return answer;
  }

  const api = await startFakeApi((call, to) => {
    const path = `${call.method} ${call.url.pathname}`;
    if (path === `POST /open-apis/bot/v2/hook/${ROBOT_ID}`) return post(call, to);
    if (path.startsWith('POST /open-apis/bot/v2/hook/')) {
      return {
        json: { code: 19001, msg: `param invalid: incoming webhook access token invalid ${call.url.pathname}` },
      };
    }
    to.complain(`unknown path ${path}`);
    return { status: 404, json: {} };
  });

  return {
    config: {
      robots: [{ webhookUrl: `${api.url}/open-apis/bot/v2/hook/${ROBOT_ID}`, secret: ROBOT_SECRET }],
      apiUrl: api.url,
    },
    url: api.url,
    shown,
    cards,
    complaints: api.complaints,
    ...script.direction,
    close: api.stop,
  };
}

function isSigned(timestamp: string, sign: string): boolean {
  const key = Buffer.from([timestamp, ROBOT_SECRET].join('\n'), 'utf8');
  return createHmac('sha256', key).update(Buffer.alloc(0)).digest().toString('base64') === sign;
}

interface Card {
  header?: { template?: unknown; title?: { tag?: unknown } };
  elements?: { tag: unknown; actions?: { tag: unknown; url?: unknown; text?: unknown }[] }[];
}

/** The text of a card as members of the group see it, with the URL of its button in parentheses. */
function readCard(card: unknown, api: FakeApi): string {
  const { header, elements = [] } = (card ?? {}) as Card;
  if (!COLOURS.test(textField(header, 'template', api))) api.complain(`a colour ${header?.template}`);
  if (header?.title?.tag !== 'plain_text') api.complain(`a title of ${header?.title?.tag}`);
  if (elements.length === 0) api.complain('a card without elements');
  const lines = elements.map((element) => {
    if (element.tag === 'markdown') return shownOf(textField(element, 'content', api), api);
    if (element.tag !== 'action') api.complain(`an element ${element.tag}`);
    return (element.actions ?? []).map(
      (button) => `${textField(button.text, 'content', api)} (${textField(button, 'url', api)})`,
    );
  });
  return [textField(header?.title, 'content', api), ...lines.flat()].join('\n');
}
