import type { OutcomeKind } from '#libs/contracts';

/** Refusals of the credential or the address: the next message would fare no better. */
const OF_THE_CREDENTIAL = new Set([401, 403, 407]);
const OF_THE_ADDRESS = new Set([404, 405, 410, 421]);
const TRANSIENT = new Set([408, 425]);

/**
 * What a status of HTTP means where nothing else is said. `addressVaries`: the URL is made from the message, so a wrong one
 * concerns it alone.
 */
export function kindOfStatus(status: number, addressVaries = false): OutcomeKind {
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

/** What who answered says, in one line; a page for browsers says nothing. */
export function wordsOf(excerpt: string): string {
  return excerpt.trimStart().startsWith('<') ? '' : excerpt.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}
