import {
  answerFields,
  type CodeMeaning,
  type CodeTable,
  codes,
  type HttpAnswer,
  type Provider,
  textOf,
} from '../kit/index.js';

const MINUTE_MS = 60_000;
const WAIT_MAX_MS = 60 * MINUTE_MS;

const misconfigured = (advice: string): CodeMeaning => ({ kind: 'misconfigured', advice });

/** https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot and .../server-docs/api-call-guide/generic-error-code */
const CODES: CodeTable = new Map([
  ...codes([19001], misconfigured('check `webhookUrl`: there is no such robot, or it was removed from its group')),
  ...codes(
    [19021],
    misconfigured(
      "the security setting 签名校验: `secret` must be this robot's, and the clock of this installation right to the hour",
    ),
  ),
  ...codes([19022], misconfigured('the security setting IP 白名单: add the address of this installation to it')),
  ...codes(
    [19024],
    misconfigured('the security setting 自定义关键词: put one of the keywords into the template of the endpoint'),
  ),
]);

const TOO_MANY = new Set(['11232', '99991400']);
/** 9499 is for broken requests and for too many of them: what is said tells which. */
const SAID_CHARS = 100;
const SAYS_TOO_MANY = /too many|too fast|frequency|rate limit|频率|频控|限流/i;

function throttled(answer: HttpAnswer): CodeMeaning {
  const seconds = Number(answer.headers['x-ogw-ratelimit-reset']);
  const asked = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, WAIT_MAX_MS) : MINUTE_MS;
  return { kind: 'throttled', retryAfterMs: asked };
}

/**
 * Failures come with `code`, mostly as HTTP 200; of old as `StatusCode`. Limits:
 * https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
 */
export const FEISHU: Provider = {
  name: 'Feishu',
  codes: CODES,
  read(answer) {
    const body = answerFields(answer);
    const code = textOf(body?.code) || textOf(body?.StatusCode);
    if (code === '') return undefined;
    const text = textOf(body?.msg) || textOf(body?.StatusMessage);
    const isTooMany =
      TOO_MANY.has(code) || (!CODES.has(code) && code !== '0' && SAYS_TOO_MANY.test(text.slice(0, SAID_CHARS)));
    return { code, text, ...(isTooMany && { meaning: throttled(answer) }) };
  },
};
