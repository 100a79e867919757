import type { Outcome } from '#libs/contracts';
import { answerText } from '../http/answer-body.js';
import type { HttpAnswer } from '../http/http-request.js';
import { kindOfStatus, messageOfStatus } from '../http/http-status.js';
import { retryAfterMs } from '../http/retry-after.js';

/** The outcome that a provider's error code means. */
export interface CodeMeaning {
  kind: Exclude<Outcome['kind'], 'delivered'>;
  /** The documented time for which the provider refuses further messages, in milliseconds. */
  retryAfterMs?: number;
  /** An instruction for the operator; a function if it depends on the provider's text. */
  advice?: string | ((text: string) => string);
}

/** A provider's documented error codes. A code that is not listed means `rejected`. */
export type CodeTable = ReadonlyMap<string, CodeMeaning>;

/** Several codes with one meaning, as entries of a {@link CodeTable}. */
export const codes = (all: readonly (string | number)[], meaning: CodeMeaning): [string, CodeMeaning][] =>
  all.map((code) => [String(code), meaning]);

/** The result that a provider reports in the body of its answer, with any HTTP status. */
export interface ProviderResult {
  /** `0` is success. */
  code: string;
  text: string;
  /** The meaning, if the code alone does not determine it. */
  meaning?: CodeMeaning;
}

export interface Provider {
  name: string;
  codes: CodeTable;
  /** Parses an answer; undefined if it is not an answer of this provider. */
  read(answer: HttpAnswer): ProviderResult | undefined;
}

/** The outcome of a message by the result in the body, because providers report errors with HTTP 200 too. */
export function providerOutcome(answer: HttpAnswer, provider: Provider, now: Date): Outcome {
  const result = provider.read(answer);
  const ofStatus = kindOfStatus(answer.status);
  if (result === undefined || (result.code === '0' && ofStatus !== 'delivered'))
    return statusOutcome(answer, provider, now);
  const excerpt = answer.excerpt;
  if (result.code === '0') return { kind: 'delivered', code: '0', excerpt };
  const unlisted: CodeMeaning = { kind: ofStatus === 'delivered' ? 'rejected' : ofStatus };
  const { kind, retryAfterMs: documented, advice } = result.meaning ?? provider.codes.get(result.code) ?? unlisted;
  const text = answerText(result.text);
  const instruction = typeof advice === 'function' ? advice(text) : advice;
  const delay = longerDelay(kind, documented, retryAfterMs(answer.headers, now));
  return {
    kind,
    code: result.code,
    message: `${provider.name} answered ${result.code}${text && `: ${text}`}${instruction ? ` (${instruction})` : ''}`,
    excerpt,
    ...(delay !== undefined && { retryAfterMs: delay }),
  };
}

/** The outcome of an answer by a proxy, or by a server that is not the provider's. */
function statusOutcome(answer: HttpAnswer, { name }: Provider, now: Date): Outcome {
  const { status, excerpt, headers } = answer;
  const kind = kindOfStatus(status);
  const delay = longerDelay(kind, undefined, retryAfterMs(headers, now));
  const base = {
    code: String(status),
    ...(excerpt !== '' && { excerpt }),
    ...(delay !== undefined && { retryAfterMs: delay }),
  };
  if (kind === 'delivered') {
    const message = `the server answered ${status}, but not in the format of ${name}: the message may not have arrived`;
    return { ...base, kind: 'unknown', message };
  }
  return { ...base, kind, message: messageOfStatus(name, status, excerpt) };
}

/** The longer of both delays: an earlier retry would be refused again. */
function longerDelay(
  kind: Outcome['kind'],
  documented: number | undefined,
  requested: number | undefined,
): number | undefined {
  if (kind !== 'throttled' && kind !== 'unavailable') return undefined;
  return documented === undefined || requested === undefined
    ? (documented ?? requested)
    : Math.max(documented, requested);
}
