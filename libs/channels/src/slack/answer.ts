import type { Outcome, OutcomeKind } from '#libs/contracts';
import { type HttpAnswer, jsonObject, kindOfStatus, messageOfStatus, retryAfterMs } from '../kit/index.js';
import { ERROR_CODES } from './error-codes.js';

/** The result in an answer of Slack. */
interface Result {
  ok: boolean;
  /** The error code, such as `channel_not_found`; empty if there is none. */
  error: string;
  /** More about the error, in parentheses. */
  detail: string;
  json: Record<string, unknown> | undefined;
}

/** The outcome of a message to a webhook: success is the text `ok`, or `ok` in JSON from a gateway. */
export function webhookOutcome(answer: HttpAnswer, now: Date): Outcome {
  const text = answer.excerpt.trim();
  const result = resultOf(answer);
  if (answer.status === 200 && (text === 'ok' || result.ok)) return { kind: 'delivered', code: '200', excerpt: text };
  return refusal(answer, result, now);
}

/**
 * The outcome of a call of chat.postMessage. The status is always 200; the fields `ok` and `error` have the result.
 * @param posted the channel of the request, for a gateway whose answer has none
 */
export function callOutcome(answer: HttpAnswer, now: Date, posted = ''): Outcome {
  const result = resultOf(answer);
  if (answer.status !== 200 || !result.ok) return refusal(answer, result, now);
  const { channel = posted, ts } = result.json ?? {};
  const receipt = typeof channel === 'string' && typeof ts === 'string' ? `${channel}:${ts}` : undefined;
  return {
    kind: 'delivered',
    code: '200',
    excerpt: answer.excerpt,
    ...(receipt !== undefined && RECEIPT.test(receipt) && { receipt }),
  };
}

const RECEIPT = /^([^\s:\p{Cc}]{1,100}):(\d[\d.]{0,40})$/u;

/** Parses a receipt: the message that later ones of the episode reply to. Undefined if this channel did not write it. */
export function readReceipt(receipt: string): { channel: string; ts: string } | undefined {
  const [, channel, ts] = RECEIPT.exec(receipt) ?? [];
  return channel !== undefined && ts !== undefined ? { channel, ts } : undefined;
}

/** The outcome of HTTP 200 without a known error code. */
function kindOfSuccess({ json, error }: Result): OutcomeKind {
  // A truncated answer, or one of a proxy, does not say whether Slack accepted the message.
  return json || error !== '' ? 'rejected' : 'unknown';
}

function refusal(answer: HttpAnswer, result: Result, now: Date): Outcome {
  const { status, excerpt } = answer;
  const { error, detail } = result;
  const known = ERROR_CODES.get(error);
  const ofStatus = kindOfStatus(status);
  const kind =
    ofStatus === 'throttled' || ofStatus === 'unavailable'
      ? ofStatus
      : (known?.kind ?? (ofStatus === 'delivered' ? kindOfSuccess(result) : ofStatus));
  const delay = kind === 'throttled' || kind === 'unavailable' ? delayOf(answer, result, now) : undefined;
  const text = error === '' ? messageOfStatus('Slack', status, excerpt) : `Slack answered ${error}`;
  return {
    kind,
    code: error || String(status),
    message: [text + detail, known?.advice].filter((part) => part !== undefined).join('; '),
    ...(excerpt !== '' && { excerpt }),
    ...(delay !== undefined && { retryAfterMs: delay }),
  };
}

function delayOf({ headers }: HttpAnswer, { json }: Result, now: Date): number | undefined {
  const inBody = json?.retry_after;
  return (
    retryAfterMs(headers, now) ??
    (typeof inBody === 'number' ? retryAfterMs({ 'retry-after': String(inBody) }, now) : undefined)
  );
}

function resultOf({ excerpt }: HttpAnswer): Result {
  const json = jsonObject(excerpt) ?? headOf(excerpt);
  if (!json) return { ok: false, error: /^[a-z][a-z0-9_]{1,99}$/.exec(excerpt.trim())?.[0] ?? '', detail: '', json };
  const { ok } = json;
  const error = typeof json.error === 'string' && /^[\w.-]{1,100}$/.test(json.error) ? json.error : '';
  return { ok: ok === true, error, detail: detailOf(json), json };
}

/** The fields before `message` of a truncated answer; Slack returns the message, which may exceed the bytes that are read. */
function headOf(excerpt: string): Record<string, unknown> | undefined {
  const end = excerpt.search(/,\s*"message"\s*:/);
  return end === -1 ? undefined : jsonObject(`${excerpt.slice(0, end)}}`);
}

/** The missing scope, or the invalid part of the message. */
function detailOf({ needed, response_metadata: metadata }: Record<string, unknown>): string {
  const messages = typeof metadata === 'object' && metadata !== null && 'messages' in metadata ? metadata.messages : [];
  const [first] = Array.isArray(messages) ? messages : [];
  const parts = [typeof needed === 'string' ? `needed: ${needed}` : '', typeof first === 'string' ? first : ''];
  const detail = parts.filter((part) => part !== '').join(', ');
  return detail === ''
    ? ''
    : ` (${detail
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .slice(0, 300)
        .toWellFormed()})`;
}
