import type { Outcome } from '#libs/contracts';
import { type HttpAnswer, kindOfStatus, retryAfterMs, wordsOf } from '../channel.js';

/** What an answer means. `addressVaries`: the URL is made from the message, so a wrong one concerns it alone. */
export function classify(answer: HttpAnswer, now: Date, addressVaries: boolean): Outcome {
  const { status, excerpt } = answer;
  const kind = kindOfStatus(status, addressVaries);
  const base: Outcome = { kind, code: String(status), ...(excerpt !== '' && { excerpt }) };
  if (kind === 'delivered') return base;
  const wait = kind === 'throttled' || kind === 'unavailable' ? retryAfterMs(answer.headers, now) : undefined;
  return { ...base, message: messageOf(status, excerpt), ...(wait !== undefined && { retryAfterMs: wait }) };
}

function messageOf(status: number, excerpt: string): string {
  if (status >= 300 && status <= 399) return `the receiver answered ${status}; redirects are not followed`;
  const words = wordsOf(excerpt);
  return `the receiver answered ${status}${words === '' ? '' : `: ${words}`}`;
}
