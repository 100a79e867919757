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
  ...codes([19001], misconfigured('check `webhookUrl`: the robot does not exist, or was removed from its group')),
  ...codes(
    [19021],
    misconfigured(
      'security setting 签名校验: use the `secret` of this robot, and check that the clock of this installation is right to the hour',
    ),
  ),
  ...codes([19022], misconfigured('security setting IP 白名单: add the address of this installation to the list')),
  ...codes(
    [19024],
    misconfigured('security setting 自定义关键词: add one of the keywords to the template of the endpoint'),
  ),
]);

const LIMIT_CODES = new Set(['11232', '99991400']);
/** Code 9499 means an invalid request or too many requests; the beginning of the text says which. */
const TEXT_CHARS = 100;
const LIMIT_TEXT = /too many|too fast|frequency|rate limit|频率|频控|限流/i;

function throttled(answer: HttpAnswer): CodeMeaning {
  const seconds = Number(answer.headers['x-ogw-ratelimit-reset']);
  const delayMs = Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, WAIT_MAX_MS) : MINUTE_MS;
  return { kind: 'throttled', retryAfterMs: delayMs };
}

/**
 * Feishu reports errors by `code`, mostly with HTTP 200; older robots by `StatusCode`. Limits:
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
    const isLimited =
      LIMIT_CODES.has(code) || (!CODES.has(code) && code !== '0' && LIMIT_TEXT.test(text.slice(0, TEXT_CHARS)));
    return { code, text, ...(isLimited && { meaning: throttled(answer) }) };
  },
};
