import type { Outcome } from '#libs/contracts';
import { type HttpAnswer, kindOfStatus, messageOfStatus, retryAfterMs } from '../kit/index.js';

/**
 * The outcome that an answer means.
 * @param addressVaries the URL contains values of the message, so a wrong one is a fault of that message alone
 */
export function classify(answer: HttpAnswer, now: Date, addressVaries: boolean): Outcome {
  const { status, excerpt } = answer;
  const kind = kindOfStatus(status, addressVaries);
  const base: Outcome = { kind, code: String(status), ...(excerpt !== '' && { excerpt }) };
  if (kind === 'delivered') return base;
  const delay = kind === 'throttled' || kind === 'unavailable' ? retryAfterMs(answer.headers, now) : undefined;
  return {
    ...base,
    message: messageOfStatus('the receiver', status, excerpt),
    ...(delay !== undefined && { retryAfterMs: delay }),
  };
}
