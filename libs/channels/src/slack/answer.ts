import type { Outcome, OutcomeKind } from '#libs/contracts';
import { type HttpAnswer, jsonObject, kindOfStatus, messageOfStatus, retryAfterMs } from '../kit/index.js';
import { ERROR_WORDS } from './error-words.js';

/** An answer as far as Slack's own words go. */
interface Verdict {
  ok: boolean;
  /** Such as `channel_not_found`; empty where there is none. */
  word: string;
  /** What else Slack says about it. */
  detail: string;
  json: Record<string, unknown> | undefined;
}

/** What became of a message to a webhook: `ok` as text means that it was taken, and `ok` in JSON where a gateway says so. */
export function judgeWebhook(answer: HttpAnswer, now: Date): Outcome {
  const text = answer.excerpt.trim();
  const verdict = verdictOf(answer);
  if (answer.status === 200 && (text === 'ok' || verdict.ok)) return { kind: 'delivered', code: '200', excerpt: text };
  return refusal(answer, verdict, now);
}

/**
 * What became of a call of chat.postMessage: HTTP says 200 whatever happens, `ok` and `error` tell.
 * @param posted the channel that was named, for a gateway whose answer names none
 */
export function judgeCall(answer: HttpAnswer, now: Date, posted = ''): Outcome {
  const verdict = verdictOf(answer);
  if (answer.status !== 200 || !verdict.ok) return refusal(answer, verdict, now);
  const { channel = posted, ts } = verdict.json ?? {};
  const receipt = typeof channel === 'string' && typeof ts === 'string' ? `${channel}:${ts}` : undefined;
  return {
    kind: 'delivered',
    code: '200',
    excerpt: answer.excerpt,
    ...(receipt !== undefined && RECEIPT.test(receipt) && { receipt }),
  };
}

const RECEIPT = /^([^\s:\p{Cc}]{1,100}):(\d[\d.]{0,40})$/u;

/** The message that later ones of an episode join; undefined for what this channel did not write. */
export function readReceipt(receipt: string): { channel: string; ts: string } | undefined {
  const [, channel, ts] = RECEIPT.exec(receipt) ?? [];
  return channel !== undefined && ts !== undefined ? { channel, ts } : undefined;
}

/** What HTTP 200 means without a word that is known. */
function kindOfSuccess({ json, word }: Verdict): OutcomeKind {
  // An answer that broke off, a page or a proxy in Slack's place: whether the message was taken cannot be told.
  return json || word !== '' ? 'rejected' : 'unknown';
}

function refusal(answer: HttpAnswer, verdict: Verdict, now: Date): Outcome {
  const { status, excerpt } = answer;
  const { word, detail } = verdict;
  const known = ERROR_WORDS.get(word);
  const byStatus = kindOfStatus(status);
  const kind =
    byStatus === 'throttled' || byStatus === 'unavailable'
      ? byStatus
      : (known?.kind ?? (byStatus === 'delivered' ? kindOfSuccess(verdict) : byStatus));
  const wait = kind === 'throttled' || kind === 'unavailable' ? waitOf(answer, verdict, now) : undefined;
  const said = word === '' ? messageOfStatus('Slack', status, excerpt) : `Slack answered ${word}`;
  return {
    kind,
    code: word || String(status),
    message: [said + detail, known?.advice].filter((part) => part !== undefined).join('; '),
    ...(excerpt !== '' && { excerpt }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

function waitOf({ headers }: HttpAnswer, { json }: Verdict, now: Date): number | undefined {
  const inBody = json?.retry_after;
  return (
    retryAfterMs(headers, now) ??
    (typeof inBody === 'number' ? retryAfterMs({ 'retry-after': String(inBody) }, now) : undefined)
  );
}

function verdictOf({ excerpt }: HttpAnswer): Verdict {
  const json = jsonObject(excerpt) ?? headOf(excerpt);
  if (!json) return { ok: false, word: /^[a-z][a-z0-9_]{1,99}$/.exec(excerpt.trim())?.[0] ?? '', detail: '', json };
  const { ok, error } = json;
  const word = typeof error === 'string' && /^[\w.-]{1,100}$/.test(error) ? error : '';
  return { ok: ok === true, word, detail: detailOf(json), json };
}

/** A long message, given back, makes the answer longer than what is read of it; what counts stands before it. */
function headOf(excerpt: string): Record<string, unknown> | undefined {
  const end = excerpt.search(/,\s*"message"\s*:/);
  return end === -1 ? undefined : jsonObject(`${excerpt.slice(0, end)}}`);
}

/** Which scope is missing, or which part of the message is wrong. */
function detailOf({ needed, response_metadata: metadata }: Record<string, unknown>): string {
  const messages = typeof metadata === 'object' && metadata !== null && 'messages' in metadata ? metadata.messages : [];
  const [first] = Array.isArray(messages) ? messages : [];
  const parts = [typeof needed === 'string' ? `needed: ${needed}` : '', typeof first === 'string' ? first : ''];
  const told = parts.filter((part) => part !== '').join(', ');
  return told === ''
    ? ''
    : ` (${told
        .replaceAll(/[\s\p{Cc}]+/gu, ' ')
        .slice(0, 300)
        .toWellFormed()})`;
}
