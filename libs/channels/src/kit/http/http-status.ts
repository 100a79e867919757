import type { OutcomeKind } from '#libs/contracts';
import { answerText } from './answer-body.js';

/** The provider refuses the credential, and will refuse it for the next message too. */
const CREDENTIAL_REFUSED = new Set([401, 403, 407]);
/** The provider does not serve the address of the request. */
const ADDRESS_REFUSED = new Set([404, 405, 410, 421]);
const TRANSIENT = new Set([408, 425]);

/**
 * The outcome that an HTTP status means.
 * @param addressVaries the URL is built from the message, so a wrong one is a fault of that message alone
 */
export function kindOfStatus(status: number, addressVaries = false): OutcomeKind {
  if (status >= 200 && status <= 299) return 'delivered';
  if (status === 429) return 'throttled';
  if (TRANSIENT.has(status) || (status >= 500 && status <= 599)) return 'unavailable';
  if (CREDENTIAL_REFUSED.has(status)) return 'misconfigured';
  if (ADDRESS_REFUSED.has(status) || (status >= 300 && status <= 399))
    return addressVaries ? 'rejected' : 'misconfigured';
  if (status >= 400 && status <= 499) return 'rejected';
  // A status outside the classes of HTTP does not say whether the message was accepted.
  return 'unknown';
}

/** One line with the status and the text of an answer. */
export function messageOfStatus(sender: string, status: number, body: string): string {
  if (status >= 300 && status <= 399) return `${sender} answered ${status}; redirects are not followed`;
  const text = answerText(body);
  return `${sender} answered ${status}${text === '' ? '' : `: ${text}`}`;
}
