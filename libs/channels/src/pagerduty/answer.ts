import type { Outcome, OutcomeKind } from '#libs/contracts';
import { type HttpAnswer, jsonObject, kindOfStatus, messageOfStatus, retryAfterMs } from '../kit/index.js';

const KEY_ERROR = /routing[_ ]key|integration[_ ]key|service[_ ]key/i;
const KEY_ADVICE = 'use the integration key of an integration "Events API V2", not a key of the REST API';

/**
 * The outcome that an answer means:
 * https://github.com/PagerDuty/developer-docs/blob/main/docs/events-API-v2/01-Overview.md#response-codes--retry-logic
 */
export function outcomeOf(answer: HttpAnswer, now: Date): Outcome {
  const { status, excerpt, headers } = answer;
  const base = { code: String(status), ...(excerpt !== '' && { excerpt }) };
  const result = jsonObject(excerpt)?.status;
  // PagerDuty answers 202. A proxy may change that to 200; then the result in the body decides.
  if (result === undefined ? status === 202 : result === 'success' && kindOfStatus(status) === 'delivered') {
    return { kind: 'delivered', ...base };
  }
  const text = errorTextOf(excerpt);
  const isKeyError = status === 400 && KEY_ERROR.test(text);
  const kind = isKeyError ? 'misconfigured' : kindOf(status, result);
  const delay = kind === 'throttled' || kind === 'unavailable' ? retryAfterMs(headers, now) : undefined;
  return {
    kind,
    ...base,
    message: [messageOfStatus('PagerDuty', status, text), ...(isKeyError ? [KEY_ADVICE] : adviceOf(kind, status))].join(
      '; ',
    ),
    ...(delay !== undefined && { retryAfterMs: delay }),
  };
}

/** A refusal in the body counts with any status. Without a result, a proxy or another server has answered. */
function kindOf(status: number, result: unknown): OutcomeKind {
  const kind = kindOfStatus(status);
  if (kind !== 'delivered') return kind;
  return result === undefined ? 'unknown' : 'rejected';
}

function adviceOf(kind: OutcomeKind, status: number): string[] {
  return (kind !== 'rejected' && status <= 399) || status === 404 ? ['check `apiUrl`; the Events API answers 202'] : [];
}

/** The text of an error: `errors` has the reasons, `message` is general. */
function errorTextOf(excerpt: string): string {
  const { message, errors } = jsonObject(excerpt) ?? {};
  const listed = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string') : [];
  if (listed.length > 0) return listed.join(' ');
  return typeof message === 'string' && message !== '' ? message : excerpt;
}
