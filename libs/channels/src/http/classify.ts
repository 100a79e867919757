import type { Outcome, OutcomeKind } from '#libs/contracts';
import { type HttpAnswer, retryAfterMs } from '../channel.js';

/** Refusals of the credential or the address: the next message would fare no better. */
const OF_THE_CREDENTIAL = new Set([401, 403, 407]);
const OF_THE_ADDRESS = new Set([404, 405, 410, 421]);
const TRANSIENT = new Set([408, 425]);

/** What an answer means. `addressVaries`: the URL is made from the message, so a wrong one concerns it alone. */
export function classify(answer: HttpAnswer, now: Date, addressVaries: boolean): Outcome {
  const { status, excerpt } = answer;
  const kind = kindOf(status, addressVaries);
  const base: Outcome = { kind, code: String(status), ...(excerpt !== '' && { excerpt }) };
  if (kind === 'delivered') return base;
  const wait = kind === 'throttled' || kind === 'unavailable' ? retryAfterMs(answer.headers, now) : undefined;
  return { ...base, message: messageOf(status, excerpt), ...(wait !== undefined && { retryAfterMs: wait }) };
}

function kindOf(status: number, addressVaries: boolean): OutcomeKind {
  if (status >= 200 && status <= 299) return 'delivered';
  if (status === 429) return 'throttled';
  if (TRANSIENT.has(status) || (status >= 500 && status <= 599)) return 'unavailable';
  if (OF_THE_CREDENTIAL.has(status)) return 'misconfigured';
  if (OF_THE_ADDRESS.has(status) || (status >= 300 && status <= 399))
    return addressVaries ? 'rejected' : 'misconfigured';
  if (status >= 400 && status <= 499) return 'rejected';
  // Informational, or none that HTTP knows: whether the message was taken cannot be told.
  return 'unknown';
}

function messageOf(status: number, excerpt: string): string {
  if (status >= 300 && status <= 399) return `the receiver answered ${status}; redirects are not followed`;
  const words = wordsOf(excerpt);
  return `the receiver answered ${status}${words === '' ? '' : `: ${words}`}`;
}

/** What the receiver says, in one line; a page for browsers says nothing. */
function wordsOf(excerpt: string): string {
  return excerpt.trimStart().startsWith('<') ? '' : excerpt.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
