import type { Outcome, OutcomeKind } from '#libs/contracts';
import { type HttpAnswer, jsonObject, kindOfStatus, messageOfStatus, retryAfterMs } from '../kit/index.js';

const ABOUT_THE_KEY = /routing[_ ]key|integration[_ ]key|service[_ ]key/i;
const TAKE_A_KEY = 'take the integration key of an integration "Events API V2"; keys of the REST API are others';

/** https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/01-Overview.md#response-codes--retry-logic */
export function judge(answer: HttpAnswer, now: Date): Outcome {
  const { status, excerpt, headers } = answer;
  const base = { code: String(status), ...(excerpt !== '' && { excerpt }) };
  const said = jsonObject(excerpt)?.status;
  // PagerDuty says 202. What stands before it may say 200, and then only its word counts.
  if (said === undefined ? status === 202 : said === 'success' && kindOfStatus(status) === 'delivered') {
    return { kind: 'delivered', ...base };
  }
  const words = answerText(excerpt);
  const aboutTheKey = status === 400 && ABOUT_THE_KEY.test(words);
  const kind = aboutTheKey ? 'misconfigured' : kindOf(status, said);
  const wait = kind === 'throttled' || kind === 'unavailable' ? retryAfterMs(headers, now) : undefined;
  return {
    kind,
    ...base,
    message: [
      messageOfStatus('PagerDuty', status, words),
      ...(aboutTheKey ? [TAKE_A_KEY] : adviceOf(kind, status)),
    ].join('; '),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

/** A word of refusal refuses, whatever status it comes with. Without one, a page or a proxy spoke in PagerDuty's place. */
function kindOf(status: number, said: unknown): OutcomeKind {
  const kind = kindOfStatus(status);
  if (kind !== 'delivered') return kind;
  return said === undefined ? 'unknown' : 'rejected';
}

function adviceOf(kind: OutcomeKind, status: number): string[] {
  return (kind !== 'rejected' && status <= 399) || status === 404 ? ['check apiUrl; the Events API answers 202'] : [];
}

/** `errors` says what `message` only says that it is so. */
function answerText(excerpt: string): string {
  const { message, errors } = jsonObject(excerpt) ?? {};
  const listed = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string') : [];
  if (listed.length > 0) return listed.join(' ');
  return typeof message === 'string' && message !== '' ? message : excerpt;
}
