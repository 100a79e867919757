import type { Outcome } from '#libs/contracts';
import { type HttpAnswer, kindOfStatus, messageOfStatus, retryAfterMs } from '../kit/index.js';

/** What an answer means. `addressVaries`: the URL is made from the message, so a wrong one concerns it alone. */
export function classify(answer: HttpAnswer, now: Date, addressVaries: boolean): Outcome {
  const { status, excerpt } = answer;
  const kind = kindOfStatus(status, addressVaries);
  const base: Outcome = { kind, code: String(status), ...(excerpt !== '' && { excerpt }) };
  if (kind === 'delivered') return base;
  const wait = kind === 'throttled' || kind === 'unavailable' ? retryAfterMs(answer.headers, now) : undefined;
  return {
    ...base,
    message: messageOfStatus('the receiver', status, excerpt),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}
